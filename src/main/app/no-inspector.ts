/**
 * Node opens its inspector on SIGUSR1: whoever may signal the program could run code in it, past STOP and all limits. A listener of our
 * own takes the signal's place. On Windows there is no such signal.
 */
export function refuseInspectorSignal(): void {
  if (process.platform !== 'win32') process.on('SIGUSR1', () => {});
}

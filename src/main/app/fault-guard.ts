import type { Logger } from 'redsun/sdk/log';
import { asError } from 'redsun/sdk/util';
import type { Host } from '../host/start-host.ts';

export interface FaultGuard extends Disposable {
  /** From now on faults are in the session's log, too. */
  attach(host: Host): void;
}

/**
 * Keeps the program alive when something throws where nobody catches it: a timer of a bundle, a promise that was forgotten.
 * A run goes on, and the fault is told with its place; ending the program would lose the sample. Without a run it is dark afterwards.
 * To be set up before the host.
 */
export function guardAgainstFaults(complain: (message: string) => void): FaultGuard {
  let logger: Logger | null = null;
  let darken: () => void = () => {};
  let isTelling = false;
  const onFault = (thrown: unknown) => {
    // What telling throws, as into a pipe that nobody reads, must not be told again.
    if (isTelling) return;
    isTelling = true;
    try {
      const error = asError(thrown);
      const place = error.stack?.split('\n')[1]?.trim() ?? '';
      logger?.error(`Nobody caught: ${error.message} ${place}`);
      darken();
      complain(`Nobody caught: ${error.stack ?? error.message}`);
    } catch {
      // There is nobody left to tell.
    } finally {
      isTelling = false;
    }
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  return {
    attach(host) {
      logger = host.services.loggerFor('fault');
      darken = () => void host.safety.darkenAfterFault();
    },
    [Symbol.dispose]() {
      process.off('uncaughtException', onFault);
      process.off('unhandledRejection', onFault);
    },
  };
}

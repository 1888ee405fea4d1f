import { onAbort, RedsunError } from 'redsun/sdk/util';
import type { ControlState } from '../../shared/channels/control.ts';
import type { CliContext } from './context.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks for the control of a session that others are at, and waits until it is handed over. Nobody at all answers: it comes by itself.
 * @throws RedsunError `control/refused` when the holder keeps it; `control/asked` when another one asked before; the signal's reason
 */
export async function takeControl(
  terminal: Terminal,
  { err, signal }: Pick<CliContext, 'err' | 'signal'>,
): Promise<void> {
  const { control } = terminal;
  const listening = new DisposableStack();
  using _listening = listening;
  const given = new Promise<void>((resolve, reject) => {
    let hasAsked = false;
    const look = ({ holder, asking }: ControlState) => {
      if (holder?.id === terminal.id) resolve();
      else if (asking?.id === terminal.id) {
        if (!hasAsked) err(`${holder?.name ?? 'Somebody'} has control of the microscope: asked for it.`);
        hasAsked = true;
      } else if (hasAsked)
        reject(new RedsunError('control/refused', `${holder?.name ?? 'The operator'} keeps the control`));
    };
    listening.use(control.on('changed', look));
    listening.use(onAbort(signal, () => reject(signal.reason)));
  });
  // Refused while it is asked: told below, and by the call itself before.
  given.catch(() => {});
  if ((await control.call('ask', undefined)).granted) return;
  try {
    await given;
  } catch (error) {
    // What was asked for is taken back.
    if (signal.aborted) await control.call('answer', { grants: false }).catch(() => {});
    throw error;
  }
}

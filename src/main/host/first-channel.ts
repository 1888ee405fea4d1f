import { asError, type Clock } from 'redsun/sdk/util';
import { LEFT_BEHIND } from '../../shared/channels/log.ts';
import type { LoggerFor } from './logging.ts';
import type { Optics } from './optics.ts';

/**
 * Chooses the first channel of the session, so that there is a first picture without a hand on anything. The session opens without it
 * when a device of the channel does not answer in time; that device goes on, and the log names what stands in the way.
 */
export async function chooseFirstChannel(
  optics: Optics,
  { clock, loggerFor, timeoutMs }: { readonly clock: Clock; readonly loggerFor: LoggerFor; readonly timeoutMs: number },
): Promise<void> {
  const [first] = optics.channels;
  if (!first) return;
  const [name, { lights, set }] = first;
  const logger = loggerFor('light');
  const late = new AbortController();
  const chosen = optics.selectChannel(name).then(
    () => 'done',
    (thrown: unknown) => void logger.warning(asError(thrown).message),
  );
  const timer = clock.sleep(timeoutMs, late.signal).then(
    () => 'late',
    () => 'done',
  );
  const word = await Promise.race([chosen, timer]);
  late.abort();
  if (word !== 'late') return;
  const parts = [...Object.entries(set).map(([device, label]) => `${device} to ${label}`), ...Object.keys(lights)];
  logger.error(`${LEFT_BEHIND} channel ${name} was not set in ${timeoutMs} ms (${parts.join(', ')})`);
}

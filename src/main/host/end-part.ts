import { asError, type Clock } from 'redsun/sdk/util';
import { LEFT_BEHIND } from '../../shared/channels/log.ts';

/** How long one part may take to end. */
export interface EndDeadline {
  readonly clock: Pick<Clock, 'setTimeout'>;
  readonly timeoutMs: number;
}

const LATE = Symbol('late');

/**
 * Ends one part of the session; what goes wrong is logged, so that the other parts are ended, too. One that does not answer in time is
 * named and left behind: the program ends without it.
 */
export async function endPart(
  action: () => unknown,
  logger: { error(message: string): void },
  { clock, timeoutMs }: EndDeadline,
): Promise<void> {
  let onLate: () => void = () => {};
  const late = new Promise<typeof LATE>((resolve) => {
    onLate = () => resolve(LATE);
  });
  using _timer = clock.setTimeout(onLate, timeoutMs);
  try {
    const ended = Promise.resolve(action());
    if ((await Promise.race([ended, late])) !== LATE) return;
    ended.catch(() => {});
    logger.error(`${LEFT_BEHIND} it did not shut down in ${timeoutMs} ms. Look at the device before you go on`);
  } catch (thrown) {
    logger.error(`While shutting down: ${asError(thrown).message}`);
  }
}

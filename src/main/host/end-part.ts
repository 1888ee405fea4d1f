import { asError } from 'redsun/sdk/util';

/** Ends one part of the session; what goes wrong is logged, so that the other parts are ended, too. */
export async function endPart(action: () => unknown, logger: { error(message: string): void }): Promise<void> {
  try {
    await action();
  } catch (thrown) {
    logger.error(`While shutting down: ${asError(thrown).message}`);
  }
}

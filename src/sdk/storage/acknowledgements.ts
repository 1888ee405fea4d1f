import { RedsunError } from '../util/errors.ts';
import { WaitingList } from '../util/waiting-list.ts';

/** The writer is closed; each who waits says of what. */
const CLOSED = Symbol('closed');

/** Who waits for a frame to be readable. */
export class Acknowledgements {
  readonly #waiting = new WaitingList();

  /** Resolves when `reached()`; rejects with the signal's reason, and when nothing more will come. @param what - for messages. */
  async wait(reached: () => boolean, what: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#waiting.until(reached, signal);
    } catch (thrown) {
      throw thrown === CLOSED ? new RedsunError('store/closed', `${what} will not come: the store is closed`) : thrown;
    }
  }

  /** More frames can be read. */
  look(): void {
    this.#waiting.look();
  }

  /** No more frames will come. */
  giveUp(): void {
    this.#waiting.fail(CLOSED);
  }
}

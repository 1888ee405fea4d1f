import { asError, RedsunError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Awaitable } from '../protocols.ts';

/** What was aborted has this long to halt before something else is begun, ms. */
const HALT_MS = 10_000;

/** Work with one piece of hardware: what comes next begins when what was before has really ended, however it was told to end. */
export class Tail {
  readonly #device: string;
  readonly #clock: DeviceContext['clock'];
  #going: Promise<void> | null = null;

  constructor(device: string, clock: DeviceContext['clock']) {
    this.#device = device;
    this.#clock = clock;
  }

  /** Nothing is going on. */
  get isIdle(): boolean {
    return this.#going === null;
  }

  /** Begins `work`, at once where nothing is going on. @throws RedsunError `device/not-halted` when what was before does not end */
  run(signal: AbortSignal, work: (signal: AbortSignal) => Awaitable<void>): Promise<void> {
    const before = this.#going;
    const working =
      before === null
        ? new Promise<void>((resolve) => resolve(work(signal)))
        : this.#within(before).then(() => {
            signal.throwIfAborted();
            return work(signal);
          });
    const going = working
      .catch(() => {})
      .then(() => {
        if (this.#going === going) this.#going = null;
      });
    this.#going = going;
    return working;
  }

  /** Resolves when nothing is going on any more. @throws RedsunError `device/not-halted` */
  async ended(): Promise<void> {
    if (this.#going) await this.#within(this.#going);
  }

  #within(going: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const words = `${this.#device}: what it did before has not ended in ${HALT_MS / 1000} s`;
      const timer = this.#clock.setTimeout(() => reject(new RedsunError('device/not-halted', words)), HALT_MS);
      going.then(
        () => {
          timer[Symbol.dispose]();
          resolve();
        },
        (thrown: unknown) => reject(asError(thrown)),
      );
    });
  }
}

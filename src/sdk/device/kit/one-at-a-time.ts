import { asError, onAbort, RedsunError } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import { Status } from '../status.ts';
import { Tail } from './tail.ts';

interface Current {
  readonly label: string;
  readonly controller: AbortController;
  /** Ends it at once, as done or with an error. */
  readonly end: (error: Error | null) => void;
}

/** One thing at a time: a sensor cannot be exposed twice at once, nor armed before it is disarmed. */
export class OneAtATime {
  readonly #device: string;
  readonly #clock: DeviceContext['clock'];
  readonly #tail: Tail;
  #current: Current | null = null;

  constructor(device: string, clock: DeviceContext['clock']) {
    this.#device = device;
    this.#clock = clock;
    this.#tail = new Tail(device, clock);
  }

  /** What is going on, in words; null when nothing is. */
  get label(): string | null {
    return this.#current?.label ?? null;
  }

  /** Starts `work`; its status ends with it, or at once when it is stopped. @throws RedsunError `device/busy` */
  start(label: string, work: (signal: AbortSignal) => Promise<void>): Status {
    this.requireIdle(label);
    const status = new Status({ label: `${this.#device}: ${label}`, clock: this.#clock });
    const controller = new AbortController();
    const end = (error: Error | null) => {
      if (this.#current?.controller === controller) this.#current = null;
      if (status.done) return;
      if (error) status.setException(error);
      else status.setFinished();
    };
    this.#current = { label, controller, end };
    this.#tail.run(controller.signal, work).then(
      () => end(null),
      (thrown: unknown) => end(asError(thrown)),
    );
    return status;
  }

  /** The same for callers with a signal of their own. Rejects with its reason. */
  async run(label: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    signal.throwIfAborted();
    const status = this.start(label, work);
    const listener = onAbort(signal, () => this.stop(asError(signal.reason)));
    try {
      await status.wait();
    } finally {
      listener[Symbol.dispose]();
    }
  }

  /** Ends what is going on: with `error`, or as done. */
  stop(error: Error | null): void {
    const current = this.#current;
    if (!current) return;
    this.#current = null;
    current.controller.abort(error ?? new RedsunError('device/stopped', `${this.#device}: stopped: ${current.label}`));
    current.end(error);
  }

  /** Resolves when what was told to end has ended. @throws RedsunError `device/not-halted` */
  ended(): Promise<void> {
    return this.#tail.ended();
  }

  /** @throws RedsunError `device/busy` */
  requireIdle(wanted: string): void {
    if (!this.#current) return;
    const doing = `cannot ${wanted} while it does this: ${this.#current.label}`;
    throw new RedsunError('device/busy', `${this.#device}: ${doing}`);
  }
}

import { type DeviceContext, Status } from 'redsun/sdk/device';
import { asError, onAbort, RedsunError } from 'redsun/sdk/util';

interface Current {
  readonly label: string;
  readonly controller: AbortController;
  /** Ends it at once, as done or with an error. */
  readonly end: (error: Error | null) => void;
}

/** One thing at a time: a sensor cannot be exposed twice at once. */
export class CameraActivity {
  readonly #camera: string;
  #current: Current | null = null;

  constructor(camera: string) {
    this.#camera = camera;
  }

  /** What is going on, in words; null when nothing is. */
  get label(): string | null {
    return this.#current?.label ?? null;
  }

  /** Starts `work`; its status ends with it, or at once when it is stopped. @throws RedsunError `device/busy` */
  start(label: string, clock: DeviceContext['clock'], work: (signal: AbortSignal) => Promise<void>): Status {
    this.requireIdle(label);
    const status = new Status({ label: `${this.#camera}: ${label}`, clock });
    const controller = new AbortController();
    const end = (error: Error | null) => {
      if (this.#current?.controller === controller) this.#current = null;
      if (status.done) return;
      if (error) status.setException(error);
      else status.setFinished();
    };
    this.#current = { label, controller, end };
    work(controller.signal).then(
      () => end(null),
      (thrown: unknown) => end(asError(thrown)),
    );
    return status;
  }

  /** The same for callers with a signal of their own. Rejects with its reason. */
  async run(
    label: string,
    clock: DeviceContext['clock'],
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    signal.throwIfAborted();
    const status = this.start(label, clock, work);
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
    current.controller.abort(error ?? new RedsunError('device/stopped', `${this.#camera}: stopped: ${current.label}`));
    current.end(error);
  }

  requireIdle(wanted: string): void {
    if (this.#current) {
      throw new RedsunError(
        'device/busy',
        `${this.#camera}: cannot ${wanted} while it does this: ${this.#current.label}`,
      );
    }
  }
}

import { codeOf, type RedsunError } from '../../sdk/util/index.ts';
import { writeFailed } from './write-failed.ts';

/** What a disk says that is full, gone or will not be written to: an operator can mend that. */
const MENDABLE: readonly string[] = [
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'ENOENT',
  'ENODEV',
  'ENXIO',
  'ESTALE',
  'EACCES',
  'EPERM',
];

/** True for faults of the disk that an operator can mend: then what was to be written can be written after all. */
export function isMendable(error: unknown): boolean {
  return MENDABLE.includes(codeOf(error));
}

/**
 * Holds writes back while the disk is full or gone. A write that fails so is kept and tried again on `retry`, so that a run that was paused
 * meanwhile goes on without a gap. Nothing is acknowledged that waits here.
 */
export class DiskGate {
  readonly #onFault: (fault: RedsunError) => void;
  #fault: RedsunError | null = null;
  #givenUp = false;
  #waiting: (() => void)[] = [];

  /** @param onFault - told once per fault: at the first write that fails. */
  constructor(onFault: (fault: RedsunError) => void) {
    this.#onFault = onFault;
  }

  /** Why writes wait; null: they do not. */
  get fault(): RedsunError | null {
    return this.#fault;
  }

  /** Does `write`, again after each `retry`, until it works. @throws what is no fault of the disk; its fault once it was given up. */
  async pass<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (this.#givenUp || !isMendable(error)) throw error;
        await this.#hold(path, error);
      }
    }
  }

  /** The operator has seen to it: what waits is tried again. */
  retry(): void {
    this.#fault = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const goOn of waiting) goOn();
  }

  /** Nobody will mend it: what waits is tried once more and then fails. From now on nothing waits. */
  giveUp(): void {
    this.#givenUp = true;
    this.retry();
  }

  #hold(path: string, error: unknown): Promise<void> {
    const isNew = this.#fault === null;
    this.#fault ??= writeFailed(path, error);
    const held = new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
    if (isNew) this.#onFault(this.#fault);
    return held;
  }
}

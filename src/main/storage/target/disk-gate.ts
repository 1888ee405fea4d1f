import { codeOf, type RedsunError } from '../../../sdk/util/index.ts';
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
  'EBUSY',
  'target/moved',
];

/** True for faults of the disk that an operator can mend: then what was to be written can be written after all. */
export function isMendable(error: unknown): boolean {
  return MENDABLE.includes(codeOf(error));
}

/** `pixels` are large and may be lost with an exposure; `records` are small and say what the pixels are. */
export type WriteKind = 'pixels' | 'records';

export interface DiskGateOptions {
  /** Told once per fault: at the first write that fails. */
  readonly onFault: (fault: RedsunError) => void;
  /** Makes room for records when nobody will mend the disk. Absent: there is none to make. */
  readonly makeRoom?: () => Promise<void>;
}

interface Held {
  readonly kind: WriteKind;
  readonly goOn: () => void;
}

/**
 * Holds writes back while the disk is full or gone. A write that fails so is kept and tried again on `retry`, so that a run that was paused
 * meanwhile goes on without a gap. Nothing is acknowledged that waits here.
 */
export class DiskGate {
  readonly #options: DiskGateOptions;
  readonly #passing = new Set<{ readonly kind: WriteKind; readonly done: Promise<unknown> }>();
  #fault: RedsunError | null = null;
  #givenUp: Promise<void> | null = null;
  #room: Promise<void> | null = null;
  #held: Held[] = [];

  constructor(options: DiskGateOptions) {
    this.#options = options;
  }

  /** Why writes wait; null: they do not. */
  get fault(): RedsunError | null {
    return this.#fault;
  }

  /** Does `write`, again after each `retry`, until it works. @throws what is no fault of the disk; its fault once it was given up. */
  async pass<Result>(path: string, kind: WriteKind, write: () => Promise<Result>): Promise<Result> {
    const work = this.#try(path, kind, write);
    const passing = { kind, done: work.catch(() => {}) };
    this.#passing.add(passing);
    try {
      return await work;
    } finally {
      this.#passing.delete(passing);
    }
  }

  /** The operator has seen to it: what waits is tried again. */
  retry(): void {
    this.#fault = null;
    this.#let(() => true);
  }

  /**
   * Nobody will mend it: what waits is tried once more and then fails, pixels first; then there is room for records. From now on nothing waits.
   */
  giveUp(): Promise<void> {
    this.#givenUp ??= this.#end();
    return this.#givenUp;
  }

  async #end(): Promise<void> {
    const hadFault = this.#fault !== null;
    this.#fault = null;
    this.#let(({ kind }) => kind === 'pixels');
    if (hadFault) {
      await Promise.all([...this.#passing].filter(({ kind }) => kind === 'pixels').map(({ done }) => done));
      await this.#makeRoom();
    }
    this.#let(() => true);
  }

  #makeRoom(): Promise<void> {
    this.#room ??= Promise.resolve(this.#options.makeRoom?.());
    return this.#room;
  }

  async #try<Result>(path: string, kind: WriteKind, write: () => Promise<Result>): Promise<Result> {
    for (let hasRoom = false; ; ) {
      try {
        return await write();
      } catch (error) {
        if (!isMendable(error)) throw error;
        if (!this.#givenUp) await this.#hold(path, kind, error);
        else if (kind === 'pixels' || hasRoom) throw error;
        else {
          // A record that came in between, or found the disk full only now: what is kept for records is kept for it, too.
          await this.#givenUp;
          await this.#makeRoom();
          hasRoom = true;
        }
      }
    }
  }

  #hold(path: string, kind: WriteKind, error: unknown): Promise<void> {
    const isNew = this.#fault === null;
    this.#fault ??= writeFailed(path, error);
    const held = new Promise<void>((goOn) => {
      this.#held.push({ kind, goOn });
    });
    if (isNew) this.#options.onFault(this.#fault);
    return held;
  }

  #let(which: (held: Held) => boolean): void {
    const going = this.#held.filter(which);
    this.#held = this.#held.filter((held) => !which(held));
    for (const { goOn } of going) goOn();
  }
}

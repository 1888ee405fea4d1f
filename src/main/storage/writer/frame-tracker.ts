import { RedsunError, WaitingList } from '../../../sdk/util/index.ts';

/** Counts the frames of one camera on their way: accepted (in the ring), acknowledged (readable, in the journal), durable (synced). */
export class FrameTracker {
  readonly name: string;
  /** Frames that were announced; 0: unknown. */
  readonly capacity: number;
  accepted = 0;
  durable = 0;
  #acknowledged = 0;
  #committed = 0;
  #ended: Error | null = null;
  #closed = false;
  readonly #waiting = new WaitingList();
  /** Readable frames that wait for one before them. */
  readonly #early = new Map<number, () => void>();

  constructor(name: string, capacity: number) {
    this.name = name;
    this.capacity = capacity;
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** True when the camera said that it writes no more. */
  get closed(): boolean {
    return this.#closed;
  }

  close(): void {
    this.#closed = true;
  }

  /** Frame `number` can be read: runs `inTurn` when all before it can, too. */
  committed(number: number, inTurn: () => void): void {
    this.#early.set(number, inTurn);
    for (let next = this.#early.get(this.#committed); next; next = this.#early.get(this.#committed)) {
      this.#early.delete(this.#committed);
      this.#committed++;
      next();
    }
  }

  /** Everything up to and including frame `number` is acknowledged. */
  acknowledge(number: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, number + 1);
    this.#waiting.look();
  }

  /** Nothing more will be acknowledged, for this reason. */
  end(reason: Error): void {
    this.#ended ??= reason;
    this.#waiting.fail(this.#ended);
  }

  /** Resolves when frame `index` is acknowledged; rejects when it never will be. */
  wait(index: number, signal: AbortSignal): Promise<void> {
    if (index < this.#acknowledged) return Promise.resolve();
    if (this.#ended && !signal.aborted) return Promise.reject(this.#ended);
    return this.#waiting.until(() => index < this.#acknowledged, signal);
  }
}

/** Why no frame will come any more from a store that ended well. */
export function neverWritten(name: string, accepted: number): RedsunError {
  return new RedsunError('store/closed', `${name}: the store was closed after ${accepted} frames`);
}

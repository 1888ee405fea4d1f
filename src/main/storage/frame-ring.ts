import { onAbort, RedsunError } from '../../sdk/util/index.ts';

const PAGE_BYTES = 4096;
const MAX_SLOTS = 1024;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Slots in shared memory between the cameras and the worker threads. A full ring is the back-pressure. */
export class FrameRing {
  readonly buffer: SharedArrayBuffer;
  readonly slots: number;
  readonly #slotBytes: number;
  readonly #free: number[];
  /** As many as there are cameras, so that all of them may be told "ready" at once. */
  readonly #reserve: number;
  #waiters: Waiter[] = [];
  #failure: Error | null = null;

  constructor(options: { readonly frameBytes: number; readonly ringBytes: number; readonly cameras: number }) {
    this.#slotBytes = Math.ceil(options.frameBytes / PAGE_BYTES) * PAGE_BYTES;
    this.#reserve = Math.max(1, options.cameras);
    const fitting = Math.min(MAX_SLOTS, Math.floor(options.ringBytes / this.#slotBytes));
    this.slots = Math.max(2 * this.#reserve, fitting);
    this.buffer = new SharedArrayBuffer(this.slots * this.#slotBytes);
    this.#free = Array.from({ length: this.slots }, (_, at) => this.slots - 1 - at);
  }

  get freeSlots(): number {
    return this.#free.length;
  }

  /** Copies `frame` into a slot. @returns the slot, or null when all are taken. */
  put(frame: Uint8Array): number | null {
    const slot = this.#free.pop();
    if (slot === undefined) return null;
    new Uint8Array(this.buffer, this.offsetOf(slot), frame.byteLength).set(frame);
    return slot;
  }

  offsetOf(slot: number): number {
    return slot * this.#slotBytes;
  }

  release(slot: number): void {
    this.#free.push(slot);
    if (this.#free.length < this.#reserve) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.resolve();
  }

  /** Resolves when there is room; rejects with the signal's reason, or with what `fail` was given. */
  ready(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#free.length >= this.#reserve) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const listener = onAbort(signal, () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(signal.reason);
      });
      const waiter: Waiter = {
        resolve: () => {
          listener[Symbol.dispose]();
          resolve();
        },
        reject: (error) => {
          listener[Symbol.dispose]();
          reject(error);
        },
      };
      this.#waiters.push(waiter);
    });
  }

  /** Rejects whoever waits, now and later. */
  fail(error: Error): void {
    this.#failure ??= error;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }
}

/** What a camera gets that writes without waiting. */
export function fullError(name: string, slots: number): RedsunError {
  return new RedsunError('store/full', `${name}: all ${slots} slots of the ring wait for the disk`);
}

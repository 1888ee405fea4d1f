import { RedsunError, WaitingList } from '../../../sdk/util/index.ts';
import { pageAfter, WASM_PAGE_BYTES } from '../layout/work-area.ts';

const MAX_SLOTS = 1024;
/** As much as one WebAssembly memory can have. */
const MAX_MEMORY_BYTES = WASM_PAGE_BYTES * 65_536;

/** For what a thread has ready while the disk is busy: three frames of 8 MB. */
const AHEAD_BYTES = 28 * 1024 * 1024;
const MAX_WORK_AREAS = 16;
/** So much may be copied before others get a turn on the main thread: about 1 ms of work. */
const TURN_BYTES = 2 * 1024 * 1024;

export interface FrameRingOptions {
  readonly frameBytes: number;
  readonly ringBytes: number;
  readonly cameras: number;
  /** Threads that get parts of the memory to work in. */
  readonly workers: number;
  /** What a thread needs for one frame. */
  readonly workAreaBytes: number;
}

/**
 * Slots in shared memory between the cameras and the worker threads, and behind them a part for each thread to work in. A full ring is the
 * back-pressure. It is a memory of WebAssembly, since that begins at a page and the kernels of the threads can reach it.
 */
export class FrameRing {
  readonly memory: WebAssembly.Memory;
  readonly slots: number;
  readonly #slotBytes: number;
  readonly #workAreaBytes: number;
  /** Of each thread. */
  readonly #workAreas: number;
  readonly #free: number[];
  /** As many as there are cameras, so that all of them may be told "ready" at once. */
  readonly #reserve: number;
  readonly #waiting = new WaitingList();
  #failure: Error | null = null;
  /** Since the event loop went round. */
  #copiedBytes = 0;

  /** @throws RedsunError `store/shape` for frames that are too large. */
  constructor({ frameBytes, ringBytes, cameras, workers, workAreaBytes }: FrameRingOptions) {
    this.#slotBytes = pageAfter(frameBytes);
    this.#reserve = Math.max(1, cameras);
    this.#workAreaBytes = pageAfter(workAreaBytes);
    this.#workAreas = workAreasFor(this.#workAreaBytes);
    const toWorkIn = workers * this.#workAreas * this.#workAreaBytes;
    const forSlots = Math.min(ringBytes, MAX_MEMORY_BYTES - toWorkIn);
    const fitting = Math.min(MAX_SLOTS, Math.floor(forSlots / this.#slotBytes));
    this.slots = Math.max(2 * this.#reserve, fitting);
    const bytes = this.slots * this.#slotBytes + toWorkIn;
    if (bytes > MAX_MEMORY_BYTES) {
      throw new RedsunError(
        'store/shape',
        `frames of ${frameBytes} bytes need ${bytes} bytes of memory; the most is ${MAX_MEMORY_BYTES}`,
      );
    }
    const pages = Math.ceil(bytes / WASM_PAGE_BYTES);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.#free = Array.from({ length: this.slots }, (_, at) => this.slots - 1 - at);
  }

  /** Where thread number `worker` may work, a frame in each. */
  workAreasOf(worker: number): { readonly offset: number; readonly byteLength: number }[] {
    const from = this.slots * this.#slotBytes;
    return Array.from({ length: this.#workAreas }, (_, at) => ({
      offset: from + (worker * this.#workAreas + at) * this.#workAreaBytes,
      byteLength: this.#workAreaBytes,
    }));
  }

  get freeSlots(): number {
    return this.#free.length;
  }

  /** @returns a slot with whatever lies there, or null when all are taken. */
  take(): number | null {
    return this.#free.pop() ?? null;
  }

  /** Copies `frame` into a slot. @returns the slot, or null when all are taken. */
  put(frame: Uint8Array): number | null {
    const slot = this.take();
    if (slot === null) return null;
    new Uint8Array(this.memory.buffer, this.offsetOf(slot), frame.byteLength).set(frame);
    if (this.#copiedBytes === 0) setImmediate(() => this.#nextTurn());
    this.#copiedBytes += frame.byteLength;
    return slot;
  }

  offsetOf(slot: number): number {
    return slot * this.#slotBytes;
  }

  release(slot: number): void {
    this.#free.push(slot);
    this.#waiting.look();
  }

  /** Resolves when there is room, and others had their turn on the main thread; rejects with the signal's reason, or with what `fail` was given. */
  ready(signal: AbortSignal): Promise<void> {
    if (this.#failure && !signal.aborted) return Promise.reject(this.#failure);
    return this.#waiting.until(() => this.#isReady, signal);
  }

  get #isReady(): boolean {
    return this.#free.length >= this.#reserve && this.#copiedBytes < TURN_BYTES;
  }

  #nextTurn(): void {
    this.#copiedBytes = 0;
    this.#waiting.look();
  }

  /** Rejects whoever waits, now and later. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting.fail(error);
  }
}

/** Two at least, so that one frame is made ready while another is written; none is needed where frames are written as they are. */
function workAreasFor(workAreaBytes: number): number {
  if (workAreaBytes === 0) return 0;
  return Math.min(MAX_WORK_AREAS, Math.max(2, Math.floor(AHEAD_BYTES / workAreaBytes)));
}

/** What a camera gets that writes without waiting. */
export function fullError(name: string, slots: number): RedsunError {
  return new RedsunError('store/full', `${name}: all ${slots} slots of the ring wait for the disk`);
}

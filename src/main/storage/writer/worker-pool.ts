import { Worker } from 'node:worker_threads';
import { RedsunError } from '../../../sdk/util/index.ts';
import type { FrameRing } from './frame-ring.ts';
import type { FrameOutcome, WorkerReply, WorkerStart, WorkerTask, WriteTask, WrittenFrame } from './write-task.ts';

/** Of frames that a thread is given at once; a larger one goes alone. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** Beyond those that a thread has room to work on: one that is there when the others are done. */
const BATCHES_IN_RESERVE = 2;
/** All file work of the process shares a few threads, four by default: this many at most are kept busy with frames. */
const MOST_WRITING_ASIDE = 2;

interface Waiting {
  readonly task: WriteTask;
  readonly resolve: (frame: WrittenFrame) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly mostBatches: number;
  /** By number of the batch. */
  readonly batches: Map<number, readonly Waiting[]>;
}

/**
 * The worker threads of one run. A frame goes to a thread with little to do; those that wait, because all have enough, go in batches: what a
 * message, a write and a record cost is shared then, which counts for small frames.
 */
export class WorkerPool {
  readonly #threads: Thread[];
  /** First come, first served. */
  readonly #waiting: Waiting[] = [];
  #nextId = 0;
  #failure: Error | null = null;
  #ended = false;

  constructor(workerPath: string, workers: number, ring: Pick<FrameRing, 'memory' | 'workAreasOf'>) {
    this.#threads = Array.from({ length: workers }, (_, number) => {
      const workAreas = ring.workAreasOf(number);
      const workerData: WorkerStart = { memory: ring.memory, workAreas, writesAside: number < MOST_WRITING_ASIDE };
      const worker = new Worker(workerPath, { workerData });
      const thread: Thread = { worker, mostBatches: workAreas.length + BATCHES_IN_RESERVE, batches: new Map() };
      thread.worker.on('message', (reply: WorkerReply) => this.#settle(thread, reply));
      thread.worker.on('error', (cause) => this.#fail('a writer thread crashed', cause));
      thread.worker.on('exit', (code) => {
        if (!this.#ended) this.#fail(`a writer thread ended with code ${code}`, undefined);
      });
      return thread;
    });
  }

  /** Rejects with the error of the disk, its code kept. */
  write(task: WriteTask): Promise<WrittenFrame> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#handOut();
    });
  }

  /** Tells all threads to let go of a file. */
  closeFile(path: string): void {
    for (const { worker } of this.#threads) worker.postMessage({ kind: 'close', path } satisfies WorkerTask);
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
    this.#fail('the writer threads were ended', undefined);
  }

  #handOut(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#threads.reduce((idlest, other) =>
        other.batches.size < idlest.batches.size ? other : idlest,
      );
      if (thread.batches.size >= thread.mostBatches) return;
      const batch = this.#waiting.splice(0, this.#batchLength());
      const id = this.#nextId++;
      thread.batches.set(id, batch);
      const frames = batch.map(({ task }) => task);
      thread.worker.postMessage({ kind: 'write', id, frames } satisfies WorkerTask);
    }
  }

  /** The share of a thread in what waits, as far as it goes into a batch. */
  #batchLength(): number {
    const share = Math.ceil(this.#waiting.length / this.#threads.length);
    let bytes = 0;
    let length = 0;
    for (const { task } of this.#waiting.slice(0, share)) {
      bytes += task.geometry.tiledBytes;
      if (length > 0 && bytes > MAX_BATCH_BYTES) break;
      length++;
    }
    return length;
  }

  #settle(thread: Thread, { id, outcomes }: WorkerReply): void {
    const batch = thread.batches.get(id) ?? [];
    thread.batches.delete(id);
    this.#handOut();
    for (const [at, waiting] of batch.entries()) settle(waiting, outcomes[at] as FrameOutcome);
  }

  #fail(message: string, cause: unknown): void {
    this.#failure ??= new RedsunError('store/thread', message, { cause });
    const batches = this.#threads.flatMap((thread) => [...thread.batches.values()]);
    for (const { batches } of this.#threads) batches.clear();
    for (const { reject } of [...batches.flat(), ...this.#waiting.splice(0)]) reject(this.#failure);
  }
}

function settle({ task, resolve, reject }: Waiting, outcome: FrameOutcome): void {
  if (outcome.kind === 'written') {
    resolve(outcome.frame);
    return;
  }
  const path = task.targets.find((target) => target !== null)?.path ?? '';
  reject(RedsunError.passedOn(outcome.code, `${path}: ${outcome.message}`));
}

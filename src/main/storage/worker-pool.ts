import { Worker } from 'node:worker_threads';
import { RedsunError } from '../../sdk/util/index.ts';
import type { FrameRing } from './frame-ring.ts';
import type { WorkerReply, WorkerStart, WorkerTask, WriteTask, WrittenFrame } from './write-task.ts';

interface Waiting {
  readonly path: string;
  readonly resolve: (frame: WrittenFrame) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** The worker threads of one run. Each frame goes to the thread with the least to do. */
export class WorkerPool {
  readonly #threads: Thread[];
  #nextId = 0;
  #failure: Error | null = null;
  #ended = false;

  constructor(workerPath: string, workers: number, ring: Pick<FrameRing, 'memory' | 'workAreaOf'>) {
    this.#threads = Array.from({ length: workers }, (_, number) => {
      const workerData: WorkerStart = { memory: ring.memory, workArea: ring.workAreaOf(number) };
      const thread: Thread = { worker: new Worker(workerPath, { workerData }), waiting: new Map() };
      thread.worker.on('message', (reply: WorkerReply) => this.#settle(thread, reply));
      thread.worker.on('error', (cause) => this.#fail('a writer thread crashed', cause));
      thread.worker.on('exit', (code) => {
        if (!this.#ended) this.#fail(`a writer thread ended with code ${code}`, undefined);
      });
      return thread;
    });
  }

  /** Rejects with the error of the disk, its code kept. */
  write(task: Omit<WriteTask, 'kind' | 'id'>): Promise<WrittenFrame> {
    if (this.#failure) return Promise.reject(this.#failure);
    const thread = this.#threads.reduce((idlest, other) => (other.waiting.size < idlest.waiting.size ? other : idlest));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const path = task.targets.find((target) => target !== null)?.path ?? '';
      thread.waiting.set(id, { path, resolve, reject });
      thread.worker.postMessage({ ...task, kind: 'write', id } satisfies WorkerTask);
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

  #settle(thread: Thread, reply: WorkerReply): void {
    const waiting = thread.waiting.get(reply.id);
    thread.waiting.delete(reply.id);
    if (reply.kind === 'written') waiting?.resolve(reply.frame);
    else waiting?.reject(new RedsunError(reply.code, `${waiting.path}: ${reply.message}`));
  }

  #fail(message: string, cause: unknown): void {
    this.#failure ??= new RedsunError('store/thread', message, { cause });
    for (const { waiting } of this.#threads) {
      for (const { reject } of waiting.values()) reject(this.#failure);
      waiting.clear();
    }
  }
}

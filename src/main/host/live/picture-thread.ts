import { Worker } from 'node:worker_threads';
import { asError, RedsunError } from 'redsun/sdk/util';
import type { PictureJob, PictureReply } from './picture-job.ts';

/** What it makes lies in memory of its viewers: garbage is little, and is collected before it is much. */
const YOUNG_MB = 4;

interface Pending {
  readonly resolve: (reply: PictureReply) => void;
  readonly reject: (error: RedsunError) => void;
}

/** The thread that makes pictures for screens. It begins when somebody looks for the first time, and again after a crash. */
export class PictureThread implements Disposable {
  readonly #workerPath: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #nextId = 0;

  /** @param workerPath - module of the thread: `picture-worker.ts`, or what it was bundled to */
  constructor(workerPath: string) {
    this.#workerPath = workerPath;
  }

  /** @throws RedsunError `camera/pictures` when the thread crashes, or has ended */
  make(job: Omit<PictureJob, 'id'>): Promise<PictureReply> {
    const id = this.#nextId++;
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ ...job, id } satisfies PictureJob);
    });
  }

  [Symbol.dispose](): void {
    const worker = this.#worker;
    this.#end('was ended');
    void worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#workerPath, {
      name: 'pictures',
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const end = (what: string, cause?: unknown) => {
      if (this.#worker === worker) this.#end(what, cause);
    };
    worker.on('message', (reply: PictureReply) => {
      this.#pending.get(reply.id)?.resolve(reply);
      this.#pending.delete(reply.id);
    });
    worker.once('error', (cause) => end(`crashed: ${asError(cause).message}`, cause));
    worker.once('exit', (code) => end(`ended with code ${code}`));
    return worker;
  }

  #end(what: string, cause?: unknown): void {
    this.#worker = null;
    const error = new RedsunError('camera/pictures', `The thread that makes pictures for screens ${what}`, { cause });
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

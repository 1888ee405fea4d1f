import { Worker } from 'node:worker_threads';
import { asError, RedsunError } from 'redsun/sdk/util';
import type { RecoveryOptions, RecoveryReport } from '../../storage/recover/recover-run.ts';
import type { RecoveryProgress } from '../../storage/recover/recovery-progress.ts';

/** What a thread is told when it begins. */
export interface RecoveryTask {
  /** Of the run folder. */
  readonly path: string;
  readonly lock: NonNullable<RecoveryOptions['lock']>;
}

export type RecoveryReply =
  | { readonly kind: 'progress'; readonly progress: RecoveryProgress }
  | { readonly kind: 'done'; readonly report: RecoveryReport }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

interface ThreadOptions {
  /** Module of the thread: `recovery-worker.ts`, or what it was bundled to. */
  readonly workerPath: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RecoveryProgress) => void;
}

/** `recoverRun` in a thread of its own. @throws what it throws; the signal's reason; RedsunError `recover/thread` when the thread crashes. */
export async function recoverInThread(
  task: RecoveryTask,
  { workerPath, signal, onProgress }: ThreadOptions,
): Promise<RecoveryReport> {
  signal.throwIfAborted();
  const worker = new Worker(workerPath, { workerData: task });
  const giveUp = () => worker.postMessage('give up');
  signal.addEventListener('abort', giveUp);
  try {
    return await reportOf(worker, onProgress);
  } catch (error) {
    // The thread's own error is that of an abort without a reason.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
    await worker.terminate();
  }
}

function reportOf(worker: Worker, onProgress: ThreadOptions['onProgress']): Promise<RecoveryReport> {
  return new Promise((resolve, reject) => {
    worker.on('message', (reply: RecoveryReply) => {
      if (reply.kind === 'progress') onProgress(reply.progress);
      else if (reply.kind === 'done') resolve(reply.report);
      else reject(RedsunError.passedOn(reply.code, reply.message));
    });
    const crashed = (what: string, cause?: unknown) =>
      reject(new RedsunError('recover/thread', `The thread that recovers ${what}`, { cause }));
    worker.once('error', (cause) => crashed(`crashed: ${asError(cause).message}`, cause));
    worker.once('exit', (code) => crashed(`ended with code ${code}`));
  });
}

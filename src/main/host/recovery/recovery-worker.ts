import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { asError, codeOf } from 'redsun/sdk/util';
import { recoverRun } from '../../storage/recover/recover-run.ts';
import { systemClock } from '../system-clock.ts';
import { throttle } from '../throttle.ts';
import type { RecoveryReply, RecoveryTask } from './recovery-thread.ts';

// A thread that makes one run whole: every frame is read, decoded and compared, which must not keep STOP or the live image waiting.

/** A nice value: cameras and the window come first. */
const PRIORITY = 5;
const TELL_MS = 100;

if (process.platform === 'linux') setPriority(PRIORITY);

const givenUp = new AbortController();
// The one thing that is ever said to this thread.
parentPort?.once('message', () => givenUp.abort());

let newest: Extract<RecoveryReply, { kind: 'progress' }> | null = null;
const tell = throttle(() => newest && reply(newest), TELL_MS, systemClock);

void recover(workerData as RecoveryTask);

async function recover({ path, lock }: RecoveryTask): Promise<void> {
  try {
    const report = await recoverRun(path, {
      writes: true,
      clock: systemClock,
      lock,
      signal: givenUp.signal,
      onProgress: (progress) => {
        newest = { kind: 'progress', progress };
        tell();
      },
    });
    reply({ kind: 'done', report });
  } catch (error) {
    reply({ kind: 'failed', code: codeOf(error), message: asError(error).message });
  }
}

function reply(message: RecoveryReply): void {
  parentPort?.postMessage(message);
}

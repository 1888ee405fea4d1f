import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../../tests/host/test-host.ts';
import { crashedRun } from '../../../../tests/recover/crashed-run.ts';
import type { RecoveryProgress } from '../../storage/recover/recovery-progress.ts';
import { recoverInThread } from './recovery-thread.ts';

const WORKER_PATH = fileURLToPath(new URL('./recovery-worker.ts', import.meta.url));
const NEVER = new AbortController().signal;
const ignore = () => {};

test('a thread makes a run whole and tells how far it is', async () => {
  const { run } = await crashedRun(7, 520, { levels: 2 });
  const told: RecoveryProgress[] = [];
  const onProgress = (progress: RecoveryProgress) => void told.push(progress);
  const report = await recoverInThread(
    { path: run, lock: 'take' },
    { workerPath: WORKER_PATH, signal: NEVER, onProgress },
  );
  expect(report).toMatchObject({ state: 'repaired', found: 7, lost: 0, problems: [] });
  expect(told[0]).toEqual({ step: 'frames', done: 1, total: 7 });
});

test('one that is given up says why, and the run can be recovered again', async () => {
  const { run } = await crashedRun(7);
  const givenUp = new AbortController();
  const reason = new Error('a run was started');
  const onProgress = () => givenUp.abort(reason);
  const going = recoverInThread(
    { path: run, lock: 'take' },
    { workerPath: WORKER_PATH, signal: givenUp.signal, onProgress },
  );
  await expect(going).rejects.toBe(reason);
  const again = { workerPath: WORKER_PATH, signal: NEVER, onProgress: ignore };
  expect(await recoverInThread({ path: run, lock: 'take' }, again)).toMatchObject({ found: 7, lost: 0, problems: [] });
});

test('what goes wrong in the thread is told with its code, and so is a thread that crashes', async () => {
  const options = { signal: NEVER, onProgress: ignore };
  const missing = { path: join(await temporaryFolder(), 'missing'), lock: 'held' } as const;
  const crash = join(await temporaryFolder(), 'crash.mjs');
  await writeFile(crash, 'throw new Error("out of order")');
  await expect(recoverInThread(missing, { ...options, workerPath: crash })).rejects.toMatchObject({
    code: 'recover/thread',
    message: expect.stringContaining('out of order'),
  });
  await writeFile(crash, 'process.exit(3)');
  await expect(recoverInThread(missing, { ...options, workerPath: crash })).rejects.toThrow('ended with code 3');
});

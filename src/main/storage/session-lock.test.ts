import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, type TestFolder, testFolder } from '../../../tests/stores/ramp-store.ts';
import { lockSession } from './session-lock.ts';

let folder: TestFolder;
let options: Parameters<typeof lockSession>[0];

beforeEach(async () => {
  folder = await testFolder();
  options = { baseDir: folder.path, session: 'session', clock: systemClock };
});
afterEach(() => folder.remove());

test('a second one is refused, and told who holds the lock', async () => {
  await lockSession(options);
  await expect(lockSession(options)).rejects.toMatchObject({
    code: 'session/locked',
    message: expect.stringContaining(`process ${process.pid}`),
  });
});

test('another session in the same folder is free', async () => {
  await lockSession(options);
  await expect(lockSession({ ...options, session: 'other' })).resolves.toBeDefined();
});

test('is free again after release, twice released or not', async () => {
  const lock = await lockSession(options);
  await lock.release();
  const next = await lockSession(options);
  await lock.release();
  await expect(lockSession(options)).rejects.toMatchObject({ code: 'session/locked' });
  await next.release();
});

test('takes over the lock of a process that is gone', async () => {
  const lock = await lockSession(options);
  const taken = await lockSession({ ...options, isAlive: () => false });
  expect(JSON.parse(await readFile(taken.path, 'utf8')).uid).not.toBe(undefined);
  await lock.release();
  expect(await readdir(dirname(taken.path))).toEqual(['session.lock']);
});

test('takes over a lock from before the machine was started', async () => {
  const lock = await lockSession(options);
  const holder = JSON.parse(await readFile(lock.path, 'utf8'));
  await writeFile(lock.path, JSON.stringify({ ...holder, boot_id: 'another' }));
  await expect(lockSession(options)).resolves.toBeDefined();
});

test('respects the lock of another machine, whose processes nobody can see', async () => {
  const lock = await lockSession(options);
  const holder = JSON.parse(await readFile(lock.path, 'utf8'));
  await writeFile(lock.path, JSON.stringify({ ...holder, host: 'elsewhere', pid: 1 }));
  await expect(lockSession({ ...options, isAlive: () => false })).rejects.toMatchObject({
    code: 'session/locked',
    message: expect.stringContaining('elsewhere'),
  });
});

test('takes over a lock file that a crash left empty', async () => {
  const lock = await lockSession(options);
  await writeFile(lock.path, '');
  await expect(lockSession(options)).resolves.toBeDefined();
});

test('of many that find a stale lock, one gets it', async () => {
  const lock = await lockSession(options);
  const holder = JSON.parse(await readFile(lock.path, 'utf8'));
  await writeFile(lock.path, JSON.stringify({ ...holder, boot_id: 'another' }));
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockSession(options)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

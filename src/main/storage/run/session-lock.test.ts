import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { hardwareOf, lockHardware, lockSession } from './session-lock.ts';

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

test('a number that another process has by now is no holder', async () => {
  const lock = await lockSession(options);
  const holder = JSON.parse(await readFile(lock.path, 'utf8'));
  expect(typeof holder.started).toBe('string');
  await writeFile(lock.path, JSON.stringify({ ...holder, started: '1' }));
  await expect(lockSession(options)).resolves.toBeDefined();
});

test('where nobody says when a process was started, one that does not renew its lock is no holder', async () => {
  const lock = await lockSession(options);
  const holder = JSON.parse(await readFile(lock.path, 'utf8'));
  const elsewhere = { ...options, startOf: async () => null };
  await writeFile(lock.path, JSON.stringify({ ...holder, started: null }));
  await expect(lockSession(elsewhere)).rejects.toMatchObject({ code: 'session/locked' });
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(lock.path, longAgo, longAgo);
  await expect(lockSession(elsewhere)).resolves.toBeDefined();
});

test('the message names the file, and says what to do', async () => {
  const { path } = await lockSession(options);
  await expect(lockSession(options)).rejects.toThrow(`End that program first (lock file: ${path})`);
});

test('two sessions with one port are one microscope, whatever their names and folders', async () => {
  const tools = { clock: systemClock, folder: folder.path };
  const [lock] = await lockHardware('one', await hardwareOf('/a/one.yaml', ['/dev/ttyFAKE0']), tools);
  const other = hardwareOf('/b/two.yaml', ['/dev/ttyFAKE1', '/dev/ttyFAKE0']);
  await expect(lockHardware('two', await other, tools)).rejects.toThrow(
    `/dev/ttyFAKE0 of session "two" is in use by process ${process.pid}`,
  );
  await lock?.release();
  await expect(lockHardware('two', await other, tools)).resolves.toHaveLength(2);
});

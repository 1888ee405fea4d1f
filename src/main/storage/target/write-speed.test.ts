import { readdir } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { testFolder } from '../../../../tests/stores/ramp-store.ts';
import { nodeFiles, type ProbeFiles } from './target-probe.ts';
import { TargetSurvey } from './target-survey.ts';
import { measureWriteSpeed } from './write-speed.ts';

/** A disk of this speed, whose time passes as bytes are synced to it. Each sync costs 1 ms by itself. */
class SimulatedDisk {
  readonly files: ProbeFiles;
  writtenBytes = 0;
  timeMs = 1000;
  #waitingBytes = 0;

  constructor(bytesPerS: number, roomBytes = Number.POSITIVE_INFINITY) {
    this.files = {
      ...nodeFiles,
      open: async (path, flags) => {
        const file = await nodeFiles.open(path, flags);
        return {
          write: async (_bytes, _offset, length) => {
            if (this.writtenBytes + length > roomBytes) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
            this.writtenBytes += length;
            this.#waitingBytes += length;
          },
          datasync: async () => {
            this.timeMs += 1 + (1000 * this.#waitingBytes) / bytesPerS;
            this.#waitingBytes = 0;
          },
          stat: () => file.stat(),
          close: () => file.close(),
        };
      },
    };
  }

  get clock() {
    return { monotonicMs: () => this.timeMs };
  }
}

async function emptyFolder(): Promise<string> {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

test.each([
  ['20 MB/s', 20e6],
  ['200 MB/s', 200e6],
  ['2 GB/s', 2e9],
])('a disk of %s is measured so to a fifth, within 400 ms and 64 MB', async (_, bytesPerS) => {
  const disk = new SimulatedDisk(bytesPerS);
  const measured = await measureWriteSpeed(await emptyFolder(), { ...disk, clock: disk.clock, freeBytes: null });
  expect(measured).toBeGreaterThan(0.8 * bytesPerS);
  expect(measured).toBeLessThanOrEqual(bytesPerS);
  expect(disk.timeMs - 1000).toBeLessThan(400);
  expect(disk.writtenBytes).toBeLessThanOrEqual(64e6);
});

test('a very slow disk is not written to for longer than its first part takes', async () => {
  const disk = new SimulatedDisk(1e6);
  expect(await measureWriteSpeed(await emptyFolder(), { ...disk, clock: disk.clock, freeBytes: null })).toBeCloseTo(
    1e6,
    -4,
  );
  expect(disk.writtenBytes).toBe(1e6);
});

test('a tenth of what is free is used at most, and a disk without that much room is not measured', async () => {
  const disk = new SimulatedDisk(2e9);
  const options = { ...disk, clock: disk.clock };
  await measureWriteSpeed(await emptyFolder(), { ...options, freeBytes: 50e6 });
  expect(disk.writtenBytes).toBeLessThanOrEqual(5e6);
  expect(await measureWriteSpeed(await emptyFolder(), { ...options, freeBytes: 5e6 })).toBeNull();
  const full = new SimulatedDisk(2e9, 2e6);
  expect(await measureWriteSpeed(await emptyFolder(), { ...full, clock: full.clock, freeBytes: null })).toBeNull();
});

test('a folder is surveyed once, however often it is asked for, and nothing is left in it', async () => {
  const folder = await emptyFolder();
  const disk = new SimulatedDisk(200e6);
  const said: string[] = [];
  const survey = new TargetSurvey({
    folder,
    clock: disk.clock,
    files: { ...disk.files, symlink: () => Promise.reject(Object.assign(new Error('no'), { code: 'EPERM' })) },
    onNotice: (message) => said.push(message),
  });
  expect(survey.known).toBeNull();
  const [first, second] = await Promise.all([survey.take(), survey.take()]);
  expect(first?.writeBytesPerS).toBeGreaterThan(100e6);
  const { writtenBytes } = disk;
  expect(await survey.take()).toBe(second);
  expect([survey.known, disk.writtenBytes]).toEqual([second, writtenBytes]);
  // The simulated disk keeps no bytes, so that the file with a hole takes no room. That links are refused is no advice.
  expect(first?.limits.map(({ code }) => code)).toContain('target/no-links');
  expect(said).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that could not be looked at is tried again by the next who asks', async () => {
  const folder = await emptyFolder();
  let broken = true;
  const files: ProbeFiles = {
    ...nodeFiles,
    mkdtemp: (prefix) => (broken ? Promise.reject(new Error('the share is away')) : nodeFiles.mkdtemp(prefix)),
  };
  const said: string[] = [];
  const survey = new TargetSurvey({
    folder,
    clock: { monotonicMs: () => performance.now() },
    files,
    onNotice: (message) => said.push(message),
  });
  expect(await survey.take()).toBeNull();
  expect(said).toEqual([`${folder} could not be tried out: the share is away`]);
  broken = false;
  expect((await survey.take())?.writeBytesPerS).toBeGreaterThan(0);
});

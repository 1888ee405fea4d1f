import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  layoutOf,
  rampFrame,
  rampWriter,
  startRamp,
  type TestFolder,
  testFolder,
} from '../../../../tests/stores/ramp-store.ts';
import { openStore, readPlane } from '../../../shared/stores/index.ts';
import { inspectStore } from '../catalogue/inspect.ts';
import { FileByteSource } from '../run/file-byte-source.ts';
import { readJournal } from '../run/journal.ts';
import type { StoreCounts } from './zarr-writer.ts';

const camera = { name: 'camera', dtype: 'uint16', shape: [96, 80] } as const;
const { signal } = new AbortController();
let folder: TestFolder;

beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

describe('refuses, and writes nothing for', () => {
  test('a frame before kickoff', () => {
    const writer = rampWriter();
    writer.updateSource('camera', 'uint16', [96, 80]);
    const sink = writer.prepare('camera');
    expect(() => sink.write(rampFrame('uint16', 0, 96, 80))).toThrow(
      expect.objectContaining({ code: 'store/not-open' }),
    );
  });

  test('a kickoff without a target', async () => {
    const writer = rampWriter();
    writer.updateSource('camera', 'uint16', [96, 80]);
    writer.prepare('camera');
    await expect(writer.kickoff()).rejects.toMatchObject({ code: 'store/no-target' });
    expect(writer.isOpen).toBe(false);
  });

  test.each([
    ['another dtype', rampFrame('uint8', 0, 96, 80), 'store/shape'],
    ['another shape', rampFrame('uint16', 0, 96, 81), 'store/shape'],
  ])('a frame of %s', async (_, frame, code) => {
    const run = await startRamp(folder.path, [{ ...camera, capacity: 2 }]);
    expect(() => run.sinks.get('camera')?.write(frame)).toThrow(expect.objectContaining({ code }));
    await run.close();
    expect((await readJournal(run.journalPath))?.lines).toEqual([]);
    expect(existsSync(join(run.storeDir, '0/c'))).toBe(false);
  });

  test('one frame more than was announced', async () => {
    const run = await startRamp(folder.path, [{ ...camera, capacity: 2 }]);
    await run.writeRamp(0, 2);
    const write = () => run.sinks.get('camera')?.write(rampFrame('uint16', 2, 96, 80));
    expect(write).toThrow(expect.objectContaining({ code: 'store/over-capacity' }));
    await run.close();
    expect((await inspectStore(run.storeDir)).arrays[0]).toMatchObject({ shape: [2, 1, 1, 96, 80], written_frames: 2 });
  });

  test('a frame outside the layout', async () => {
    const layout = layoutOf('tc', { t: 1, c: 2 });
    const run = await startRamp(folder.path, [{ ...camera, layout }]);
    await run.writeRamp(0, 2);
    const write = () => run.sinks.get('camera')?.write(rampFrame('uint16', 2, 96, 80));
    expect(write).toThrow(expect.objectContaining({ code: 'store/over-capacity' }));
    await run.close();
  });

  test('a frame after close', async () => {
    const run = await startRamp(folder.path, [camera]);
    await run.writeRamp(0, 1);
    await run.close();
    const write = () => run.sinks.get('camera')?.write(rampFrame('uint16', 1, 96, 80));
    expect(write).toThrow(expect.objectContaining({ code: 'store/closed' }));
  });

  test.each([[[96]], [[1, 2, 3, 96, 80]], [[300, 96, 80]], [[0, 80]], [[96, 1.5]]])('a source of shape %j', (shape) => {
    expect(() => rampWriter().updateSource('camera', 'uint16', shape)).toThrow(
      expect.objectContaining({ code: 'store/shape' }),
    );
  });

  test('a camera that prepares while the store is open', async () => {
    const run = await startRamp(folder.path, [camera]);
    await run.writeRamp(0, 1);
    expect(() => run.writer.prepare('camera')).toThrow(expect.objectContaining({ code: 'state/forbidden' }));
    await run.close();
  });

  test('a store that exists', async () => {
    await mkdir(join(folder.path, 'data.ome.zarr'));
    await expect(startRamp(folder.path, [camera])).rejects.toMatchObject({ code: 'store/write-failed' });
  });
});

describe('a full ring', () => {
  const tiny = { ringBytes: 1 } as const;

  test('throws store/full, and takes frames again when ready says so', async () => {
    const run = await startRamp(folder.path, [{ ...camera, capacity: 40 }], tiny);
    const sink = run.sinks.get('camera');
    let written = 0;
    const writeUntilFull = () => {
      for (; written < 40; written++) sink?.write(rampFrame('uint16', written, 96, 80));
    };
    expect(writeUntilFull).toThrow(expect.objectContaining({ code: 'store/full' }));
    expect(written).toBe(2);
    await run.writeRamp(written, 40);
    await run.close();
    const report = await inspectStore(run.storeDir, { stats: true });
    expect(report.arrays[0]).toMatchObject({ shape: [40, 1, 1, 96, 80], written_frames: 40 });
    expect(report.problems).toEqual([]);
  });

  test('has room for every camera that was told to be ready', async () => {
    const cameras = ['a', 'b', 'c'].map((name) => ({ ...camera, name, capacity: 50 }));
    const run = await startRamp(folder.path, cameras, tiny);
    const deliver = async (name: string) => {
      for (let i = 0; i < 50; i++) {
        await run.sinks.get(name)?.ready(signal);
        run.sinks.get(name)?.write(rampFrame('uint16', i, 96, 80));
      }
    };
    await Promise.all(cameras.map(({ name }) => deliver(name)));
    await run.close();
    expect((await inspectStore(run.storeDir)).arrays.map(({ written_frames }) => written_frames)).toEqual([50, 50, 50]);
  });

  test('lets go of a camera that no longer wants to wait', async () => {
    const run = await startRamp(folder.path, [{ ...camera, capacity: 2 }], tiny);
    const sink = run.sinks.get('camera');
    for (let i = 0; i < 2; i++) sink?.write(rampFrame('uint16', i, 96, 80));
    const controller = new AbortController();
    const waiting = sink?.ready(controller.signal);
    controller.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await run.close();
  });
});

test('takes over a copy: the camera may reuse its buffer at once', async () => {
  const run = await startRamp(folder.path, [{ ...camera, capacity: 3 }]);
  const buffer = new Uint16Array(96 * 80);
  for (let i = 0; i < 3; i++) run.sinks.get('camera')?.write(buffer.fill(i + 1));
  buffer.fill(99);
  await run.close();
  const source = new FileByteSource(run.storeDir);
  const { images } = await openStore(source);
  for (let t = 0; t < 3; t++)
    expect(await readPlane(source, images[0]!, 0, { t })).toMatchObject({ min: t + 1, max: t + 1 });
});

test('an acknowledged frame can be read, and its journal line is there', async () => {
  const run = await startRamp(folder.path, [{ ...camera, capacity: 200 }]);
  const source = new FileByteSource(run.storeDir);
  for (const count of [1, 2, 30]) {
    await run.writeRamp(run.writer.getIndicesWritten('camera'), count);
    expect(run.writer.getIndicesWritten('camera')).toBe(count);
    const { images } = await openStore(source);
    const plane = await readPlane(source, images[0]!, 0, { t: count - 1 });
    expect(plane.data).toEqual(rampFrame('uint16', count - 1, 96, 80));
    expect((await readJournal(run.journalPath))?.lines.length).toBe(count);
  }
  await run.close();
});

test('journal lines come in acquisition order and say where each frame is, and its checksum', async () => {
  const layout = layoutOf('tpc', { t: 2, p: 2, c: 2 });
  const run = await startRamp(folder.path, [{ ...camera, layout }]);
  await run.writeRamp(0, 8);
  await run.close();
  const lines = (await readJournal(run.journalPath))?.lines ?? [];
  expect(lines.map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(lines[6]).toMatchObject({ array: 'camera_p1/0', index: { t: 1, p: 1, c: 0, z: 0 }, read: { z: 1.01 } });
  const report = await inspectStore(run.storeDir, { stats: true });
  expect(report.problems).toEqual([]);
  expect(report.arrays.map(({ written_frames }) => written_frames)).toEqual([4, 4]);
});

test('a frame goes where the host says, also when it was taken before', async () => {
  const places = [0, 2, 1, 1];
  const run = await startRamp(folder.path, [{ ...camera, layout: layoutOf('t', { t: 3 }) }], {
    frameContext: (_, number) => ({ index: { t: places[number] }, asked: {}, read: {}, changed: {} }),
  });
  await run.writeRamp(0, 4);
  await run.close();
  const source = new FileByteSource(run.storeDir);
  const { images } = await openStore(source);
  const firstPixels = await Promise.all(
    [0, 1, 2].map(async (t) => (await readPlane(source, images[0]!, 0, { t })).data[0]),
  );
  expect(firstPixels).toEqual([0, 3 * 31, 1 * 31]);
});

describe('coarser levels', () => {
  test.each([
    ['plain', [96, 80], 'none'],
    ['cut and padded', [300, 530], 'none'],
    ['plain colour', [40, 60, 3], 'none'],
    ['compressed colour', [40, 60, 3], 'blosc-zstd'],
  ] as const)(
    'are made after the run where the disk was too slow for them, of %s frames',
    async (name, shape, compression) => {
      const notices: string[] = [];
      const run = await startRamp(folder.path, [{ name: 'camera', dtype: 'uint16', shape, capacity: 40 }], {
        levels: 3,
        compression,
        ringBytes: 1,
        onNotice: (message) => notices.push(message),
      });
      await run.writeRamp(0, 40);
      await run.close();
      expect(notices).toEqual([
        'camera: 2 of 2 frames wait for the disk, so coarser levels are made when the run is over',
      ]);
      const report = await inspectStore(run.storeDir);
      expect(report.problems).toEqual([]);
      expect(report.arrays.map((array) => array.written_frames)).toEqual([40, 40, 40]);
      // The same frames, with room enough in the ring.
      const other = join(folder.path, name);
      await mkdir(other);
      const quick = await startRamp(other, [{ name: 'camera', dtype: 'uint16', shape, capacity: 40 }], { levels: 3 });
      await quick.writeRamp(0, 40);
      await quick.close();
      const sums = async (path: string) =>
        (await inspectStore(path, { stats: true })).arrays.map(({ stats }) => stats?.sha256);
      expect(await sums(run.storeDir)).toEqual(await sums(quick.storeDir));
    },
  );
});

describe('a compressed frame that is taken again', () => {
  /** Frame `number` goes to time point `places[number]`. */
  async function written(places: readonly number[], levels: number, timePoints: number, one: boolean) {
    const camera = {
      name: 'camera',
      dtype: 'uint16',
      shape: [300, 280],
      layout: layoutOf('t', { t: timePoints }),
    } as const;
    const run = await startRamp(folder.path, [camera], {
      compression: 'blosc-lz4',
      levels,
      frameContext: (_, number) => ({ index: { t: places[number]! }, asked: {}, read: {}, changed: {} }),
    });
    if (!one) await run.writeRamp(0, places.length);
    else for (let frame = 0; frame < places.length; frame++) await run.writeRamp(frame, frame + 1);
    await run.close();
    const report = await inspectStore(run.storeDir);
    expect(report.problems).toEqual([]);
    const source = new FileByteSource(run.storeDir);
    const { images } = await openStore(source);
    for (let t = 0; t < timePoints; t++) {
      const { data } = await readPlane(source, images[0]!, 0, { t });
      expect(data).toEqual(rampFrame('uint16', places.lastIndexOf(t), 300, 280));
    }
    return run;
  }

  test.each([1, 3])('lies behind the others, with %i levels', async (levels) => {
    await written([0, 1, 0, 2, 1, 0], levels, 3, false);
  });

  test('opens a file anew that was complete', async () => {
    await written([0, 1, 0, 1, 1], 2, 2, true);
  });

  test('finds room however often that happens', async () => {
    await written([...new Array<number>(40).fill(0), 1, 0, 1], 1, 2, true);
  });

  test('leaves no more than its data behind', async () => {
    const run = await written([0, 1], 1, 2, false);
    const shard = await stat(join(run.storeDir, '0/c/0/0/0/0/0'));
    expect(shard.size).toBeLessThan(2 * 300 * 280 * 2);
  });
});

test('a shard that is not full is cut to its data', async () => {
  const run = await startRamp(folder.path, [camera]);
  await run.writeRamp(0, 3);
  const shard = join(run.storeDir, '0/c/0/0/0/0/0');
  const frameBytes = 96 * 80 * 2;
  expect((await stat(shard)).size).toBeGreaterThan(255 * frameBytes);
  await run.close();
  expect((await stat(shard)).size).toBe(3 * frameBytes + 255 * 16 + 4);
});

test('counts what is accepted, acknowledged and durable', async () => {
  const counts: StoreCounts[] = [];
  const run = await startRamp(folder.path, [{ ...camera, capacity: 5 }], { onCounts: (count) => counts.push(count) });
  await run.writeRamp(0, 5);
  expect(run.writer.counts).toMatchObject({ accepted: 5, acknowledged: 5 });
  await run.close();
  expect(counts.at(-1)).toMatchObject({ accepted: 5, acknowledged: 5, durable: 5 });
});

test('announces the frames in stream documents, after the store was closed too', async () => {
  const run = await startRamp(folder.path, [{ ...camera, capacity: 5 }]);
  await run.writeRamp(0, 5);
  await run.close();
  const [resource, datum] = run.writer.collectStreamDocs('camera', run.writer.getIndicesWritten('camera'));
  expect(resource).toMatchObject({
    name: 'stream_resource',
    doc: {
      mimetype: 'application/x-zarr',
      uri: `file://${run.storeDir}`,
      parameters: { array_name: 'camera', dataset: '0', arrays: ['0'], chunk_shape: [1, 96, 80], order: ['t'] },
    },
  });
  expect(datum).toMatchObject({ name: 'stream_datum', doc: { indices: { start: 0, stop: 5 } } });
});

test('serves one run after the other', async () => {
  const writer = rampWriter();
  for (const [at, frames] of [3, 2].entries()) {
    const storeDir = join(folder.path, `${at}.ome.zarr`);
    writer.updateSource('camera', 'uint16', [96, 80]);
    const sink = writer.prepare('camera', frames);
    expect(writer.getIndicesWritten('camera')).toBe(0);
    writer.setTarget({ storeDir, journalPath: join(folder.path, `${at}.jsonl`) });
    await writer.kickoff();
    for (let i = 0; i < frames; i++) sink.write(rampFrame('uint16', i, 96, 80));
    await sink.close();
    const { images } = await openStore(new FileByteSource(storeDir));
    expect(images[0]?.levels[0]?.shape[0]).toBe(frames);
  }
});

describe('when the disk fails', () => {
  /** A folder where the next shard should go cannot be written to by anybody, root included. */
  async function failing() {
    const run = await startRamp(folder.path, [{ ...camera, shape: [200, 1000], capacity: 100 }]);
    await run.writeRamp(0, 5);
    await mkdir(join(run.storeDir, '0/c/1/0/0/0/0'), { recursive: true });
    const sink = run.sinks.get('camera')!;
    for (let i = 5; i < 70; i++) {
      await sink.ready(signal);
      sink.write(rampFrame('uint16', i, 200, 1000));
    }
    return { run, sink };
  }

  test('whoever waits for a frame is told, with the cause', async () => {
    const { run, sink } = await failing();
    await expect(sink.acknowledged(69, signal)).rejects.toMatchObject({
      code: 'store/write-failed',
      cause: expect.objectContaining({ code: expect.stringMatching(/EEXIST|EISDIR/) }),
    });
    await expect(sink.ready(signal)).rejects.toMatchObject({ code: 'store/write-failed' });
    expect(() => sink.write(rampFrame('uint16', 70, 200, 1000))).toThrow(
      expect.objectContaining({ code: 'store/write-failed' }),
    );
    await expect(run.close()).rejects.toMatchObject({ code: 'store/write-failed' });
  });

  test('what was acknowledged stays readable, and the writer can be used again', async () => {
    const { run } = await failing();
    await expect(run.close()).rejects.toMatchObject({ code: 'store/write-failed' });
    const acknowledged = run.writer.getIndicesWritten('camera');
    expect(acknowledged).toBe(63);
    await rm(join(run.storeDir, '0/c/1'), { recursive: true });
    const report = await inspectStore(run.storeDir, { stats: true });
    expect(report.problems).toEqual([]);
    expect(report.arrays[0]).toMatchObject({ written_frames: 63, shape: [63, 1, 1, 200, 1000] });
    expect(run.writer.isOpen).toBe(false);
  });

  // The device takes every open and no byte.
  test.runIf(process.platform === 'linux')('a full disk is called by its name', async () => {
    const writer = rampWriter();
    writer.updateSource('camera', 'uint16', [96, 80]);
    const sink = writer.prepare('camera', 2);
    writer.setTarget({ storeDir: join(folder.path, 'data.ome.zarr'), journalPath: '/dev/full' });
    await writer.kickoff();
    sink.write(rampFrame('uint16', 0, 96, 80));
    await expect(sink.acknowledged(0, signal)).rejects.toMatchObject({
      code: 'store/write-failed',
      message: expect.stringContaining('the disk is full'),
      cause: expect.objectContaining({ code: 'ENOSPC' }),
    });
    await expect(sink.close()).rejects.toMatchObject({ code: 'store/write-failed' });
  });

  test('a worker that cannot start fails the run, and nothing hangs', async () => {
    const workerPath = join(folder.path, 'no-such-worker.ts');
    const run = await startRamp(folder.path, [{ ...camera, capacity: 2 }], { workerPath });
    const sink = run.sinks.get('camera')!;
    sink.write(rampFrame('uint16', 0, 96, 80));
    await expect(sink.acknowledged(0, signal)).rejects.toMatchObject({ code: 'store/write-failed' });
    await expect(run.close()).rejects.toMatchObject({ code: 'store/write-failed' });
  });
});

test('says at close that a frame someone waits for never came', async () => {
  const run = await startRamp(folder.path, [{ ...camera, capacity: 2 }]);
  await run.writeRamp(0, 1);
  const waiting = expect(run.sinks.get('camera')?.acknowledged(1, signal)).rejects.toMatchObject({
    code: 'store/closed',
  });
  await run.close();
  await waiting;
});

test('metadata on the disk are whole JSON at any time', async () => {
  const run = await startRamp(folder.path, [camera]);
  await run.writeRamp(0, 260);
  // More than the shape that was written ahead at first.
  expect(JSON.parse(await readFile(join(run.storeDir, '0/zarr.json'), 'utf8')).shape[0]).toBe(510);
  await run.close();
  expect(JSON.parse(await readFile(join(run.storeDir, '0/zarr.json'), 'utf8')).shape[0]).toBe(260);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import { type ByteSource, type ImageDescription, openStore, readRegion } from '../../src/shared/stores/index.ts';
import { layoutOf, startRamp, type TestFolder, testFolder } from './ramp-store.ts';

const [WIDTH, HEIGHT, TIMES, PLANES] = [300, 200, 3, 4];
let folder: TestFolder;
let source: FileByteSource;
let image: ImageDescription;

/** Pixel of frame i, as the simulated camera gives it. */
const ramp = (i: number, x: number, y: number) => (31 * i + 7 * y + 3 * x) % 65_521;

beforeAll(async () => {
  folder = await testFolder();
  const layout = layoutOf('tz', { t: TIMES, z: PLANES });
  const cameras = [{ name: 'camera', dtype: 'uint16', shape: [HEIGHT, WIDTH], layout } as const];
  const run = await startRamp(folder.path, cameras, { levels: 2, compression: 'blosc-lz4' });
  await run.writeRamp(0, TIMES * PLANES);
  await run.close();
  source = new FileByteSource(run.storeDir);
  image = (await openStore(source)).images[0]!;
}, 60_000);

afterAll(() => folder.remove());

test('a part of a plane is read alone, whatever chunks it lies in', async () => {
  const region = await readRegion(source, image, {
    axes: { t: 1, z: 2, y: { from: 50, to: 53 }, x: { from: 255, to: 260 } },
  });
  expect({ ...region, data: [...region.data] }).toEqual({
    data: [50, 51, 52].flatMap((y) => [255, 256, 257, 258, 259].map((x) => ramp(1 * PLANES + 2, x, y))),
    shape: [3, 5],
    axes: ['y', 'x'],
    dtype: 'uint16',
  });
});

test('a range along any axis is a block; a single index takes its axis away', async () => {
  const block = await readRegion(source, image, {
    axes: { t: { from: 0, to: 3 }, z: { from: 1, to: 3 }, y: 7, x: { from: 10, to: 12 } },
  });
  expect([block.axes, block.shape]).toEqual([
    ['t', 'z', 'x'],
    [3, 2, 2],
  ]);
  const expected = [0, 1, 2].flatMap((t) => [1, 2].flatMap((z) => [10, 11].map((x) => ramp(t * PLANES + z, x, 7))));
  expect([...block.data]).toEqual(expected);
});

test('what is not said is the first plane, whole; a coarser level has its own size', async () => {
  const whole = await readRegion(source, image, { axes: {} });
  expect([whole.axes, whole.shape]).toEqual([
    ['y', 'x'],
    [HEIGHT, WIDTH],
  ]);
  expect(whole.data[150 * WIDTH + 299]).toBe(ramp(0, 299, 150));
  const coarse = await readRegion(source, image, { axes: { t: 2, z: 3 }, level: 1 });
  expect(coarse.shape).toEqual([HEIGHT / 2, WIDTH / 2]);
  // Of a plane the mean of 2 x 2 is its middle.
  expect(coarse.data[10 * (WIDTH / 2) + 20]).toBe(ramp(2 * PLANES + 3, 40, 20) + 5);
});

test.each([
  [{ t: 3 }, 'index 3 along t, which has 3'],
  [{ x: { from: 290, to: 301 } }, 'from 290 to 301 along x, which has 300'],
  [{ y: { from: 5, to: 5 } }, 'from 5 to 5 along y, which has 200'],
  [{ t: 0.5 }, 'index 0.5 along t'],
  [{ q: 0 }, 'no axis "q"; there are'],
])('%j is refused with the axis and its length', async (axes, message) => {
  await expect(readRegion(source, image, { axes })).rejects.toMatchObject({
    code: 'store/no-plane',
    message: expect.stringContaining(message),
  });
});

test('only the chunks that a part lies in are read, each once; and an abort reaches the byte source', async () => {
  const asked: { key: string; signal: AbortSignal | undefined }[] = [];
  const watched: ByteSource = {
    read: (key, range, signal) => {
      asked.push({ key, signal });
      return source.read(key, range, signal);
    },
    list: (prefix) => source.list(prefix),
  };
  const controller = new AbortController();
  const axes = { t: 0, z: 0, y: { from: 0, to: 2 }, x: { from: 0, to: 2 } };
  await readRegion(watched, image, { axes }, controller.signal);
  const few = asked.filter(({ key }) => /\/c\//.test(key)).length;
  asked.length = 0;
  await readRegion(watched, image, { axes: { t: { from: 0, to: 3 }, z: { from: 0, to: 4 } } }, controller.signal);
  expect(asked.filter(({ key }) => /\/c\//.test(key)).length).toBeGreaterThan(few);
  expect(asked.every(({ signal }) => signal === controller.signal)).toBe(true);
  asked.length = 0;
  controller.abort(new Error('enough'));
  await expect(readRegion(watched, image, { axes }, controller.signal)).rejects.toThrow('enough');
});

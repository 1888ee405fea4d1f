import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import type { ZarrWriterOptions } from '../../src/main/storage/writer/zarr-writer.ts';
import type { Compression } from '../../src/shared/config/compression.ts';
import { openStore } from '../../src/shared/stores/index.ts';
import { runPython } from '../python/venv.ts';
import {
  layoutOf,
  planesOf,
  plateLayout,
  type RampCamera,
  startRamp,
  type TestFolder,
  testFolder,
} from './ramp-store.ts';

interface ImageVerdict {
  readonly path: string;
  readonly shape: readonly number[];
  readonly shards: readonly number[];
  readonly chunks: readonly number[];
  readonly dtype: string;
  readonly scale: readonly number[];
  readonly units: readonly (string | null)[];
  readonly channels: readonly (readonly [string, string])[];
  readonly windows: readonly { readonly start: number; readonly end: number }[];
  readonly translations: readonly (readonly number[] | null)[];
  readonly codecs: readonly unknown[];
  readonly levels: readonly (readonly number[])[];
  readonly scales: readonly (readonly number[])[];
  /** Planes whose pixels are right. */
  readonly frames_checked: number;
}
interface Verdict {
  readonly kind: string;
  readonly model: string;
  readonly images: readonly ImageVerdict[];
  readonly failures: readonly { readonly check: string; readonly message: string }[];
}

interface Case {
  readonly cameras: readonly RampCamera[];
  /** Frames of each camera. */
  readonly frames: number;
  readonly order?: string;
  readonly sizes?: Readonly<Record<string, number>>;
  /** Set when the run ended early: later frames must be empty. */
  readonly ended?: boolean;
  readonly options?: Partial<ZarrWriterOptions>;
}

const small = { name: 'camera', dtype: 'uint16', shape: [96, 80] } as const;
const mda = { t: 3, c: 2, z: 4 };
const tiles = { t: 2, p: 2, c: 1, z: 3 };

const odd = { name: 'camera', dtype: 'uint16', shape: [301, 279] } as const;

function codecCase(compression: Compression) {
  const cameras = [
    { ...odd, name: 'one', capacity: 70 },
    { ...small, name: 'two' },
  ];
  return { cameras, frames: 70, options: { compression } } satisfies Case;
}

const CASES = {
  'one camera that counts': { cameras: [{ ...small, capacity: 10 }], frames: 10 },
  'a count of unknown length': { cameras: [small], frames: 300 },
  'time points, channels and planes': {
    cameras: [{ ...small, layout: layoutOf('tcz', mda) }],
    frames: 24,
    order: 'tcz',
  },
  'planes before channels': { cameras: [{ ...small, layout: layoutOf('tzc', mda) }], frames: 24, order: 'tzc' },
  'two positions': { cameras: [{ ...small, layout: layoutOf('tpz', tiles) }], frames: 12, order: 'tpz', sizes: tiles },
  'two cameras': {
    cameras: [
      { ...small, name: 'left', capacity: 5 },
      { name: 'right', dtype: 'uint8', shape: [64, 64], capacity: 5 },
    ],
    frames: 5,
  },
  'a last shard that is not full': { cameras: [{ ...small, shape: [300, 280], capacity: 70 }], frames: 70 },
  'a run that ended half-way': {
    cameras: [{ ...small, layout: layoutOf('tcz', mda) }],
    frames: 13,
    order: 'tcz',
    sizes: { ...mda, p: 1 },
    ended: true,
  },
  'a run that ended before the second position': {
    cameras: [{ ...small, layout: layoutOf('ptz', tiles) }],
    frames: 4,
    order: 'ptz',
    sizes: tiles,
    ended: true,
  },
  'eight bits': { cameras: [{ ...small, dtype: 'uint8', capacity: 6 }], frames: 6 },
  '512 pixels square': { cameras: [{ ...small, shape: [512, 512], capacity: 65 }], frames: 65 },
  '2048 pixels square': { cameras: [{ ...small, shape: [2048, 2048], capacity: 17 }], frames: 17 },
  'blosc with zstd': codecCase('blosc-zstd'),
  'blosc with lz4': codecCase('blosc-lz4'),
  gzip: codecCase('gzip'),
  'compressed single bytes': {
    cameras: [{ ...odd, dtype: 'uint8', capacity: 5 }],
    frames: 5,
    options: { compression: 'blosc-lz4' },
  },
  'compressed floats': {
    cameras: [{ ...odd, dtype: 'float32', capacity: 5 }],
    frames: 5,
    options: { compression: 'blosc-zstd' },
  },
  'compressed frames of a few pixels': {
    cameras: [{ ...odd, shape: [3, 5], capacity: 5 }],
    frames: 5,
    options: { compression: 'blosc-zstd' },
  },
  'signed integers': { cameras: [{ ...small, dtype: 'int16', capacity: 4 }], frames: 4 },
  floats: { cameras: [{ ...small, dtype: 'float32', capacity: 4 }], frames: 4 },
  'wells of a plate': {
    cameras: [{ ...small, layout: plateLayout('ptz', { p: 7, t: 2, z: 2 }) }],
    frames: 28,
    order: 'ptz',
    sizes: { p: 7, t: 2, c: 1, z: 2 },
    options: { levels: 2 },
  },
  'a colour camera': {
    cameras: [{ name: 'camera', dtype: 'uint8', shape: [96, 300, 3], layout: layoutOf('tcz', { t: 2, c: 2, z: 2 }) }],
    frames: 8,
    order: 'tcz',
  },
  'volumes as frames': {
    cameras: [{ name: 'camera', dtype: 'uint16', shape: [4, 96, 80], layout: layoutOf('tc', { t: 3, c: 2 }) }],
    frames: 6,
    order: 'tc',
  },
  'cameras of different size and dtype': {
    cameras: [
      { ...small, name: 'one', capacity: 5 },
      { name: 'two', dtype: 'float32', shape: [300, 40], capacity: 5 },
      { name: 'three', dtype: 'int16', shape: [33, 65], capacity: 5 },
    ],
    frames: 5,
    options: { compression: 'blosc-zstd', levels: 2 },
  },
  'three levels': { cameras: [{ ...odd, capacity: 5 }], frames: 5, options: { levels: 3 } },
  'levels of compressed colours that ended early': {
    cameras: [{ name: 'camera', dtype: 'uint8', shape: [299, 301, 3], layout: layoutOf('tz', { t: 3, z: 2 }) }],
    frames: 3,
    order: 'tz',
    sizes: { t: 3, p: 1, c: 1, z: 2 },
    ended: true,
    options: { levels: 4, compression: 'gzip' },
  },
} as const satisfies Record<string, Case>;
type CaseName = keyof typeof CASES;

let folder: TestFolder;
const verdicts = new Map<CaseName, Verdict>();

beforeAll(async () => {
  folder = await testFolder();
  const jobs = [];
  for (const [name, { cameras, frames, options, ...rest }] of Object.entries<Case>(CASES)) {
    const dir = join(folder.path, name.replaceAll(' ', '-'));
    await mkdir(dir);
    const run = await startRamp(dir, cameras, options);
    await run.writeRamp(0, frames);
    await run.close();
    const planes = planesOf(cameras[0]!.shape);
    const { order, sizes } = rest;
    jobs.push({ store: run.storeDir, order, sizes, planes, frames: rest.ended ? frames : undefined });
  }
  // A failed check is a failed test, with its message: not the exit status of the script.
  const printed = await runPython('verify_store.py', ['-'], JSON.stringify(jobs)).catch((error: Error) => {
    const list = error.message.split('\n').find((line) => line.startsWith('['));
    if (!list) throw error;
    return list;
  });
  const results = JSON.parse(printed) as Verdict[];
  for (const [at, name] of Object.keys(CASES).entries()) verdicts.set(name as CaseName, results[at]!);
}, 240_000);

afterAll(() => folder.remove());

const verdictOf = (name: CaseName) => verdicts.get(name) as Verdict;

describe('zarr-python, tensorstore, ome-zarr-models and ome-zarr-py read every pixel of', () => {
  test.each(Object.keys(CASES) as CaseName[])('%s', (name) => {
    const verdict = verdictOf(name);
    expect(verdict.failures).toEqual([]);
    const { cameras, frames } = CASES[name];
    const { c, z } = planesOf(cameras[0]!.shape);
    const checked = verdict.images.reduce((sum, image) => sum + image.frames_checked, 0);
    expect(checked).toBe(frames * cameras.length * c * z);
  });
});

describe('the metadata', () => {
  test('put a single image at the root, and several into a collection', () => {
    expect(verdictOf('one camera that counts').kind).toBe('image');
    expect(verdictOf('two cameras').kind).toBe('collection');
    expect(verdictOf('two cameras').images.map(({ path }) => path)).toEqual(['left', 'right']);
    expect(verdictOf('two positions').images.map(({ path }) => path)).toEqual(['camera_p0', 'camera_p1']);
  });

  test('are what ome-zarr-models takes for version 0.5', () => {
    expect(verdictOf('one camera that counts').model).toBe('ome_zarr_models.v05.image.Image');
    expect(verdictOf('two positions').model).toBe('ome_zarr_models.v05.bioformats2raw.BioFormats2Raw');
  });

  test('have the scale of interval, z step and pixel size, with units', () => {
    const [image] = verdictOf('time points, channels and planes').images;
    expect(image?.scale).toEqual([2, 1, 0.5, 0.65, 0.65]);
    expect(image?.units).toEqual(['second', null, 'micrometer', 'micrometer', 'micrometer']);
  });

  test('put wells into a plate, with their fields, rows and columns in order', async () => {
    const verdict = verdictOf('wells of a plate');
    expect(verdict.kind).toBe('plate');
    expect(verdict.model).toBe('ome_zarr_models.v05.hcs.HCS');
    expect(verdict.images.map(({ path }) => path)).toEqual([
      'A/9/0',
      'A/9/1',
      'A/10/0',
      'A/10/1',
      'B/9/0',
      'B/9/1',
      'B/10/0',
    ]);
    const store = join(folder.path, 'wells-of-a-plate', 'data.ome.zarr');
    const { plate, images, problems } = await openStore(new FileByteSource(store));
    expect(problems).toEqual([]);
    expect(images).toHaveLength(7);
    expect(plate).toMatchObject({ rows: ['A', 'B'], columns: ['9', '10'] });
  });

  test('say where the first pixel is, the position of the stage being the middle of the picture', () => {
    // 80 columns of 0.65 um about 100 um; the second level begins half a pixel further in.
    const [first, second] = verdictOf('wells of a plate').images[1]!.translations;
    expect(first?.slice(3)).toEqual([expect.closeTo(-47.5 * 0.65), expect.closeTo(100 - 39.5 * 0.65)]);
    expect(second?.slice(3)).toEqual([expect.closeTo(-47 * 0.65), expect.closeTo(100 - 39 * 0.65)]);
    expect(verdictOf('one camera that counts').images[0]?.translations).toEqual([null]);
  });

  test('have the measured interval where none was asked for', () => {
    expect(verdictOf('one camera that counts').images[0]?.scale[0]).toBe(0.25);
  });

  test('name the channels, with colour and the range of the pixels seen', () => {
    const [image] = verdictOf('planes before channels').images;
    expect(image?.channels).toEqual([
      ['channel-0', '0000FF'],
      ['channel-1', '00FF00'],
    ]);
    expect(image?.windows[0]?.start).toBe(0);
    // Channel 1 begins with frame 1, whose darkest pixel is 31.
    expect(image?.windows[1]?.start).toBe(31);
  });

  test('declare as many time points as were written', () => {
    expect(verdictOf('a count of unknown length').images[0]?.shape).toEqual([300, 1, 1, 96, 80]);
    expect(verdictOf('a run that ended half-way').images[0]?.shape).toEqual([2, 2, 4, 96, 80]);
    expect(verdictOf('a run that ended before the second position').images.map(({ shape }) => shape[0])).toEqual([
      2, 0,
    ]);
  });

  test('cut frames of 2048 pixels into chunks of 512, and keep an index within a page', () => {
    const large = verdictOf('2048 pixels square').images[0];
    expect(large?.chunks).toEqual([1, 1, 1, 512, 512]);
    expect(large?.shards).toEqual([15, 1, 1, 2048, 2048]);
    expect(verdictOf('512 pixels square').images[0]?.chunks).toEqual([1, 1, 1, 512, 512]);
  });
});

describe('compressed chunks', () => {
  test.each([
    [
      'blosc with zstd',
      { name: 'blosc', configuration: { cname: 'zstd', clevel: 1, shuffle: 'shuffle', typesize: 2, blocksize: 0 } },
    ],
    [
      'blosc with lz4',
      { name: 'blosc', configuration: { cname: 'lz4', clevel: 1, shuffle: 'shuffle', typesize: 2, blocksize: 0 } },
    ],
    [
      'compressed single bytes',
      { name: 'blosc', configuration: { cname: 'lz4', clevel: 1, shuffle: 'noshuffle', typesize: 1, blocksize: 0 } },
    ],
    ['gzip', { name: 'gzip', configuration: { level: 1 } }],
  ] as const)('are declared as zarr-python declares them: %s', (name, codec) => {
    expect(verdictOf(name).images[0]?.codecs).toEqual([codec]);
  });
});

test('each level is half as large as the one before, and says so in its scale', () => {
  const image = verdictOf('three levels').images[0];
  expect(image?.levels).toEqual([
    [5, 1, 1, 301, 279],
    [5, 1, 1, 151, 140],
    [5, 1, 1, 76, 70],
  ]);
  expect(image?.scales.map((scale) => scale.slice(-2))).toEqual([
    [0.65, 0.65],
    [1.3, 1.3],
    [2.6, 2.6],
  ]);
});

test('a store that is being written opens in zarr-python and tensorstore, frame by frame', async () => {
  const dir = join(folder.path, 'live');
  await mkdir(dir);
  const run = await startRamp(dir, [{ ...small, shape: [300, 280], capacity: 20 }]);
  await run.writeRamp(0, 7);
  const job = { store: run.storeDir, live: true, frames: 7 };
  const [verdict] = JSON.parse(await runPython('verify_store.py', ['-'], JSON.stringify([job]))) as Verdict[];
  expect(verdict?.images[0]?.shape[0]).toBe(20);
  expect(verdict?.images[0]?.frames_checked).toBe(7);
  const lines = (await readFile(run.journalPath, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(7);
  await run.close();
}, 60_000);

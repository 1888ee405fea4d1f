import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runPython } from '../python/venv.ts';
import { layoutOf, type RampCamera, startRamp, type TestFolder, testFolder } from './ramp-store.ts';

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
}

const small = { name: 'camera', dtype: 'uint16', shape: [96, 80] } as const;
const mda = { t: 3, c: 2, z: 4 };
const tiles = { t: 2, p: 2, c: 1, z: 3 };

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
} as const satisfies Record<string, Case>;
type CaseName = keyof typeof CASES;

let folder: TestFolder;
const verdicts = new Map<CaseName, Verdict>();

beforeAll(async () => {
  folder = await testFolder();
  const jobs = [];
  for (const [name, { cameras, frames, ...rest }] of Object.entries<Case>(CASES)) {
    const dir = join(folder.path, name.replaceAll(' ', '-'));
    await mkdir(dir);
    const run = await startRamp(dir, cameras);
    await run.writeRamp(0, frames);
    await run.close();
    jobs.push({ store: run.storeDir, order: rest.order, sizes: rest.sizes, frames: rest.ended ? frames : undefined });
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
    const checked = verdict.images.reduce((sum, image) => sum + image.frames_checked, 0);
    expect(checked).toBe(frames * cameras.length);
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
    expect(verdictOf('512 pixels square').images[0]?.chunks).toEqual([1, 1, 1, 256, 256]);
  });
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

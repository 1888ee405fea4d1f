import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { type ExportFormat, exportStore } from '../../src/main/storage/export/export-store.ts';
import type { AcquisitionFacts } from '../../src/main/storage/layout/acquisition-facts.ts';
import { runPython } from '../python/venv.ts';
import { layoutOf, startRamp, type TestFolder, testFolder } from './ramp-store.ts';
import { type StoreMatrix, storeMatrix } from './store-matrix.ts';

interface TiffImage {
  readonly sizes: { readonly t: number; readonly c: number; readonly z: number };
  readonly stage: unknown;
}
interface TiffVerdict {
  readonly big: boolean;
  readonly planes: number;
  readonly per_cm: number | null;
  readonly series: readonly { readonly axes: string; readonly dtype: string; readonly equal: boolean }[];
  readonly images: readonly TiffImage[];
  readonly wells: readonly unknown[];
}
interface NgffVerdict {
  readonly model: string;
  readonly arrays: readonly { readonly path: string; readonly equal: boolean }[];
}

/** What is exported, by a name: one of the runs, or a store of another program. */
const TIFFS: Readonly<Record<string, string>> = {
  run: 'image',
  positions: 'positions',
  big: 'image',
  ...byPath(['ngff-0.4/image', 'ngff-0.5/image', 'ngff-0.5/plate', 'acquire-zarr/multiscale-zstd']),
  ...byPath(['v3/uint16-transpose', 'v2/uint8-lz4', 'dtypes/v3-fill-float32']),
  ...byPath(['bool', 'int8', 'int32', 'uint32', 'float16', 'float64'].map((dtype) => `dtypes/v2-${dtype}`)),
};
const NGFFS: Readonly<Record<string, string>> = {
  run: 'image',
  positions: 'positions',
  ...byPath(['ngff-0.5/image', 'ngff-0.5/plate', 'v3/uint16-transpose']),
  ...byPath(['dtypes/v3-fill-float32', 'dtypes/v3-fill-int16', 'dtypes/v3-fill-bool', 'dtypes/v3-two-axes']),
  ...byPath(['bool', 'int8', 'uint32', 'int64', 'uint64', 'float16', 'float64'].map((dtype) => `dtypes/v3-${dtype}`)),
};

/** Of the first channel the emission filter is known. */
const FACTS: AcquisitionFacts = {
  objective: null,
  camera: null,
  channels: [447.5, null].map((emissionNm, at) => ({
    name: `channel-${at}`,
    exposure_ms: 20,
    excitation_wavelengths_nm: [405],
    emission_wavelength_nm: emissionNm,
    settings: {},
  })),
  operator: null,
  sample: null,
};

function byPath(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, path]));
}

interface Job {
  readonly kind: ExportFormat;
  readonly store: string;
  readonly copy: string;
  readonly arrays: readonly string[];
}

let folder: TestFolder;
let matrix: StoreMatrix;
const run = { image: '', positions: '' };
const tiffs = new Map<string, TiffVerdict>();
const ngffs = new Map<string, NgffVerdict>();

beforeAll(async () => {
  folder = await testFolder();
  matrix = await storeMatrix();
  run.image = await rampStore('image', 'tcz', { t: 3, c: 2, z: 4 }, 24);
  // The second time point of the second position was never reached.
  run.positions = await rampStore('positions', 'tpz', { t: 2, p: 2, c: 1, z: 3 }, 9);
  const jobs: Job[] = [];
  for (const [name, path] of Object.entries(TIFFS)) jobs.push(await exported('ome-tiff', name, path));
  for (const [name, path] of Object.entries(NGFFS)) jobs.push(await exported('ngff-0.4', name, path));
  const verdicts = JSON.parse(await runPython('verify_exports.py', [], JSON.stringify(jobs)));
  for (const [at, name] of Object.keys(TIFFS).entries()) tiffs.set(name, verdicts[at]);
  for (const [at, name] of Object.keys(NGFFS).entries()) ngffs.set(name, verdicts[tiffs.size + at]);
}, 600_000);
afterAll(() => folder.remove());

async function rampStore(name: string, order: string, sizes: Record<string, number>, frames: number): Promise<string> {
  const dir = join(folder.path, name);
  await mkdir(dir);
  const layout = layoutOf(order, sizes);
  const camera = { name: 'camera', dtype: 'uint16', shape: [96, 80], layout } as const;
  const describe = () => ({ pixelSizeUm: 0.65, omeName: camera.name, acquisition: FACTS });
  const ramp = await startRamp(dir, [camera], { describe });
  await ramp.writeRamp(0, frames);
  await ramp.close();
  return ramp.storeDir;
}

async function exported(kind: ExportFormat, name: string, path: string): Promise<Job> {
  const store = { image: run.image, positions: run.positions }[path] ?? join(matrix.folder, path);
  const limit = name === 'big' ? { classicLimitBytes: 100_000 } : {};
  const copy = await exportStore(store, { format: kind, out: copyOf(kind, name), creator: 'Redsun test', ...limit });
  const { arrays, labels } = await inspectStore(store);
  const paths = arrays.map((array) => array.path);
  const finest = paths.filter((array) => isFinest(array) && !labels.some((label) => array.startsWith(label)));
  return { kind, store, copy, arrays: kind === 'ngff-0.4' ? paths : finest };
}

function copyOf(kind: ExportFormat, name: string): string {
  return join(folder.path, `${name.replaceAll('/', '-')}${kind === 'ome-tiff' ? '.ome.tif' : '.ome.zarr'}`);
}

/** Levels are 0, 1... or s0, s1... */
function isFinest(path: string): boolean {
  return /(^|\/)s?0$/.test(path) || path === '';
}

const tiff = (name: string) => tiffs.get(name) as TiffVerdict;
const ngff = (name: string) => ngffs.get(name) as NgffVerdict;

describe('an OME-TIFF', () => {
  test.each(Object.keys(TIFFS))('has every pixel of its store: %s', (name) => {
    const { series, planes, images } = tiff(name);
    expect(series.filter(({ equal }) => !equal)).toEqual([]);
    expect(images.length).toBe(series.length);
    expect(planes).toBe(images.reduce((sum, { sizes }) => sum + sizes.t * sizes.c * sizes.z, 0));
  });

  test('has sizes with units, and channels with names, colours and wavelengths', () => {
    expect(tiff('run')).toMatchObject({ big: false, planes: 24, series: [{ axes: 'TCZYX', dtype: 'uint16' }] });
    expect(tiff('run').images).toEqual([
      {
        name: 'camera',
        order: 'XYZCT',
        sizes: { t: 3, c: 2, z: 4, y: 96, x: 80 },
        x: [0.65, 'µm'],
        z: [0.5, 'µm'],
        t: [2, 's'],
        channels: [
          ['channel-0', '#0000ff', [447.5, 'nm']],
          ['channel-1', '#00ff00', null],
        ],
        stage: ['position 0', 0, 0, 'µm'],
      },
    ]);
    // What programs read that know no OME.
    expect(tiff('run').per_cm).toBeCloseTo(10_000 / 0.65, 3);
  });

  test('has positions as images, with their place on the stage', () => {
    expect(tiff('positions').images.map(({ stage }) => stage)).toEqual([
      ['position 0', 0, 0, 'µm'],
      ['position 1', 100, 0, 'µm'],
    ]);
  });

  test('that would be too large for a classic one is a BigTIFF', () => {
    expect(tiff('big')).toMatchObject({ big: true, planes: 24 });
  });

  test('of a plate has its fields as images, and says which well they are of', () => {
    expect(tiff('ngff-0.5/plate').wells).toEqual([
      [0, 0, ['Image:0', 'Image:1']],
      [0, 1, ['Image:2', 'Image:3']],
      [1, 0, ['Image:4', 'Image:5']],
    ]);
  });

  test('cannot have 64-bit integers, and says what can', async () => {
    await expect(
      exportStore(join(matrix.folder, 'dtypes/v3-int64'), {
        format: 'ome-tiff',
        creator: '',
        out: join(folder.path, 'x'),
      }),
    ).rejects.toMatchObject({ code: 'export/unsupported-dtype', message: expect.stringContaining('ngff-0.4') });
  });
});

describe('a store of NGFF 0.4', () => {
  test.each(Object.keys(NGFFS))('has every pixel of its store: %s', (name) => {
    expect(ngff(name).arrays.filter(({ equal }) => !equal)).toEqual([]);
    expect(ngff(name).arrays.length).toBeGreaterThan(0);
  });

  test('of a run is Zarr 2 without shards, with the same metadata', async () => {
    expect(ngff('run')).toEqual({
      model: 'ome_zarr_models.v04.image.Image',
      arrays: [
        { path: '0', zarr_format: 2, dtype: 'uint16', equal: true, chunks: [1, 1, 1, 96, 80], compressor: 'gzip' },
      ],
    });
    const report = await inspectStore(copyOf('ngff-0.4', 'run'), { stats: true });
    const original = await inspectStore(run.image, { stats: true });
    expect(report).toMatchObject({ zarr_format: 2, ome_version: '0.4', problems: [] });
    expect(report.arrays[0]?.stats).toEqual(original.arrays[0]?.stats);
    expect(report.omero).toEqual({ ...(original.omero as object), version: '0.4' });
    expect(report.multiscales).toEqual([{ ...original.multiscales[0], version: '0.4' }]);
  });

  test('of a run with positions is a collection', () => {
    expect(ngff('positions').model).toBe('ome_zarr_models.v04.bioformats2raw.BioFormats2Raw');
    expect(ngff('positions').arrays).toHaveLength(2);
  });

  test('keeps levels and labels of an image', async () => {
    const { model, arrays } = ngff('ngff-0.5/image');
    expect(model).toBe('ome_zarr_models.v04.image.Image');
    const paths = arrays.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['s0', 's1', 's2', 'labels/cells/s0']));
    const report = await inspectStore(copyOf('ngff-0.4', 'ngff-0.5/image'));
    expect(report).toMatchObject({ labels: ['labels/cells'], problems: [] });
  });

  test('keeps a plate', () => {
    const { model, arrays } = ngff('ngff-0.5/plate');
    expect(model).toBe('ome_zarr_models.v04.hcs.HCS');
    expect(arrays).toHaveLength(6);
  });
});

describe('nothing is left behind, and nothing overwritten:', () => {
  test.each(['ome-tiff', 'ngff-0.4'] as const)('%s of a store with a damaged chunk', async (format) => {
    const target = join(folder.path, `target-${format}`);
    await mkdir(target);
    const store = join(matrix.folder, 'damaged/truncated-chunk-zstd');
    const out = join(target, 'copy');
    await expect(exportStore(store, { format, out, creator: '' })).rejects.toMatchObject({
      message: expect.stringContaining('c/2/0/0'),
    });
    expect(await readdir(target)).toEqual([]);
  });

  test.each(['ome-tiff', 'ngff-0.4'] as const)('%s that is interrupted', async (format) => {
    const target = join(folder.path, `interrupted-${format}`);
    await mkdir(target);
    const interrupt = new AbortController();
    const onProgress = ({ done }: { readonly done: number }) => {
      if (done === 5) interrupt.abort();
    };
    const options = { format, out: join(target, 'copy'), creator: '', onProgress, signal: interrupt.signal };
    await expect(exportStore(run.image, options)).rejects.toThrow();
    expect(await readdir(target)).toEqual([]);
  });

  test('what is there already stays as it is', async () => {
    const out = join(folder.path, 'mine.ome.tif');
    await writeFile(out, 'mine');
    await expect(exportStore(run.image, { format: 'ome-tiff', out, creator: '' })).rejects.toMatchObject({
      code: 'export/exists',
    });
  });

  test('a copy is not made inside its store', async () => {
    const out = join(run.image, 'copy.ome.tif');
    await expect(exportStore(run.image, { format: 'ome-tiff', out, creator: '' })).rejects.toMatchObject({
      code: 'export/inside',
    });
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import { type ImageDescription, openStore, readPlane, readRegion } from '../../src/shared/stores/index.ts';
import { runPython } from '../python/venv.ts';
import { type TestFolder, testFolder } from './ramp-store.ts';

interface ForeignStore {
  readonly path: string;
  readonly zarr_format: number;
  readonly ome_version: string | null;
  readonly array: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly index: readonly number[];
  readonly pixel: number;
  readonly sha256: string;
}

const NAMES = [
  'v2-zlib-dots',
  'v2-blosc-zstd-fortran',
  'v2-lz4-signed',
  'v3-zstd-checksum',
  'v3-sharded-blosc',
  'v3-sharded-index-at-start',
  'v3-transposed-big-endian',
  'tensorstore-v2-big-endian',
  'tensorstore-v3-sharded',
  'acquire-zarr',
  'ome-zarr-py-0.4-image',
  'ome-zarr-py-0.4-plate',
  'ome-zarr-py-0.5-image',
  'ome-zarr-py-0.5-plate',
];

let folder: TestFolder;
let stores: ForeignStore[];

beforeAll(async () => {
  folder = await testFolder();
  stores = JSON.parse(await runPython('make_foreign_stores.py', [folder.path]));
}, 240_000);

afterAll(() => folder.remove());

const storeOf = (name: string) => stores.find(({ path }) => path === name) as ForeignStore;
const sourceOf = (name: string) => new FileByteSource(join(folder.path, name));

function imageOf(images: readonly ImageDescription[], array: string): ImageDescription {
  return images.find(({ levels }) => levels.some(({ path }) => path === array)) as ImageDescription;
}

test('every store that the script makes is read here', () => {
  expect(stores.map(({ path }) => path)).toEqual(NAMES);
});

describe('reads what zarr-python reads from', () => {
  test.each(NAMES)('%s: a part of one pixel', async (name) => {
    const { array, index, pixel } = storeOf(name);
    const { images } = await openStore(sourceOf(name));
    const image = imageOf(images, array);
    const level = image.levels.findIndex(({ path }) => path === array);
    const axes = Object.fromEntries(index.map((at, axis) => [image.axes[axis]?.name, { from: at, to: at + 1 }]));
    const region = await readRegion(sourceOf(name), image, { axes, level });
    expect([[...region.data], region.shape]).toEqual([[pixel], index.map(() => 1)]);
  });

  test.each(NAMES)('%s: a pixel', async (name) => {
    const { array, index, pixel, shape, dtype } = storeOf(name);
    const { images } = await openStore(sourceOf(name));
    const image = imageOf(images, array);
    const level = image.levels.findIndex(({ path }) => path === array);
    expect(image.levels[level]?.shape).toEqual(shape);
    const leading = Object.fromEntries(index.slice(0, -2).map((at, axis) => [image.axes[axis]?.name, at]));
    const plane = await readPlane(sourceOf(name), image, level, leading);
    const [y = 0, x = 0] = index.slice(-2);
    expect(plane.dtype).toBe(dtype);
    expect(plane.data[y * plane.widthPx + x]).toBe(pixel);
  });

  test.each(NAMES)('%s: the whole array', async (name) => {
    const { array, sha256, zarr_format, ome_version } = storeOf(name);
    const report = await inspectStore(join(folder.path, name), { stats: true });
    expect(report.arrays.find(({ path }) => path === array)?.stats?.sha256).toBe(sha256);
    expect(report.zarr_format).toBe(zarr_format);
    expect(report.ome_version).toBe(ome_version);
    expect(report.problems).toEqual([]);
  });
});

test.each(['0.4', '0.5'])('shows axes, channels and labels of an image of NGFF %s', async (version) => {
  const { images, labels } = await openStore(sourceOf(`ome-zarr-py-${version}-image`));
  const [image] = images;
  expect(image?.axes.map(({ name, size, scale }) => [name, size, scale])).toEqual([
    ['t', 3, 0.5],
    ['c', 2, 1],
    ['z', 1, 2],
    ['y', 70, 0.1],
    ['x', 90, 0.1],
  ]);
  expect(image?.channels).toEqual([
    { label: 'DAPI', colour: '#0000ff', window: { start: 0, end: 1000 }, emissionNm: null },
    { label: 'GFP', colour: '#00ff00', window: { start: 0, end: 1000 }, emissionNm: null },
  ]);
  expect(labels).toEqual(['labels/cells']);
});

test.each(['0.4', '0.5'])('shows wells and fields of a plate of NGFF %s', async (version) => {
  const { plate, images } = await openStore(sourceOf(`ome-zarr-py-${version}-plate`));
  expect(plate?.wells).toEqual([
    { path: 'A/1', fields: ['A/1/0', 'A/1/1'] },
    { path: 'B/2', fields: ['B/2/0', 'B/2/1'] },
  ]);
  expect(images.map(({ path }) => path)).toEqual(['A/1/0', 'A/1/1', 'B/2/0', 'B/2/1']);
});

test('shows the levels of a pyramid', async () => {
  const { images } = await openStore(sourceOf('acquire-zarr'));
  expect(images[0]?.levels.slice(0, 2).map(({ shape }) => shape)).toEqual([
    [10, 128, 128],
    [10, 64, 64],
  ]);
});

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ArrayReport, inspectStore, type StoreReport } from '../../src/main/storage/catalogue/inspect.ts';
import { builtCli } from '../cli/built-cli.ts';
import { runMeasured } from '../cli/measured-cli.ts';
import { type MatrixArray, type MatrixStore, type StoreMatrix, storeMatrix } from './store-matrix.ts';

/** Written by another program and whole: zarr-python by codec and dtype, its layouts, tensorstore, acquire-zarr, ome-zarr-py. */
const WHOLE = 40 + 72 + 6 + 3 + 3 + 6;
const DTYPES = 16 + 3 + 4;
const MAX_ELAPSED_MS = 5_000;
const MAX_RESIDENT_BYTES = 500_000_000;

const DAMAGED = [
  'truncated-chunk-none',
  'truncated-chunk-zstd',
  'missing-chunk',
  'empty-chunk-file',
  'corrupt-shard-index',
  'truncated-shard',
  'shard-index-out-of-range',
  'garbage-zarr-json',
  'truncated-zarr-json',
  'empty-zarr-json',
  'unknown-codec',
  'negative-shape',
  'huge-shape',
  'path-escape',
  'zero-length-axis',
  'no-metadata',
];

let matrix: StoreMatrix;

beforeAll(async () => {
  matrix = await storeMatrix();
}, 600_000);

const storesOf = (group: MatrixStore['group']) => matrix.stores.filter((store) => store.group === group);

test('the matrix is complete', () => {
  expect([storesOf('whole').length, storesOf('dtypes').length]).toEqual([WHOLE, DTYPES]);
  expect(storesOf('damaged').map(({ path }) => path)).toEqual(DAMAGED.map((name) => `damaged/${name}`));
});

describe('what zarr-python reads is read here, to the last bit, from', () => {
  test.each([
    ['zarr-python, version 2', 'v2/', 41],
    ['zarr-python, version 3', 'v3/', 77],
    ['tensorstore', 'tensorstore/', 3],
    ['acquire-zarr', 'acquire-zarr/', 3],
    ['ome-zarr-py, NGFF 0.4', 'ngff-0.4/', 3],
    ['ome-zarr-py, NGFF 0.5', 'ngff-0.5/', 3],
    ['other dtypes and fill values', 'dtypes/', DTYPES],
  ])('%s', async (_, prefix, count) => {
    const stores = matrix.stores.filter(({ path }) => path.startsWith(prefix));
    expect(stores).toHaveLength(count);
    for (const store of stores) {
      const report = await inspectStore(join(matrix.folder, store.path), { stats: true });
      expect(report.problems, store.path).toEqual([]);
      expectSame(report, store);
    }
  });
});

function expectSame(report: StoreReport, { path, zarr_format, ome_version, arrays }: MatrixStore): void {
  expect([report.zarr_format, report.ome_version], path).toEqual([zarr_format, ome_version]);
  const found = new Map(report.arrays.map((array) => [array.path, array]));
  expect([...found.keys()].sort(), path).toEqual(arrays.map((array) => array.path).sort());
  for (const array of arrays) expectSameArray(found.get(array.path) as ArrayReport, array, `${path} ${array.path}`);
}

function expectSameArray(found: ArrayReport, expected: MatrixArray, name: string): void {
  expect({ shape: found.shape, dtype: found.dtype }, name).toEqual({ shape: expected.shape, dtype: expected.dtype });
  const { mean = null, ...exact } = found.stats ?? {};
  expect(exact, name).toEqual({ min: expected.min, max: expected.max, sha256: expected.sha256 });
  if (expected.mean === null) expect(mean, name).toBeNull();
  // Sums of the same numbers in another order.
  else expect(mean, name).toBeCloseTo(expected.mean, 9);
}

/** What the terminal says, how long it takes and how much memory. */
async function inspectInTerminal(path: string) {
  const { stdout, ...measured } = await runMeasured('inspect', path, '--json', '--stats');
  return { ...measured, report: JSON.parse(stdout) as StoreReport };
}

describe('in the terminal', () => {
  beforeAll(async () => void (await builtCli()));

  test.each(DAMAGED)('%s is told in time and with little memory, and harms nothing', async (name) => {
    const store = matrix.stores.find(({ path }) => path === `damaged/${name}`) as MatrixStore;
    const outcome = await inspectInTerminal(join(matrix.folder, store.path));
    expect(outcome.stderr).toBe('');
    expect(outcome.elapsedMs).toBeLessThan(MAX_ELAPSED_MS);
    expect(outcome.residentBytes).toBeLessThan(MAX_RESIDENT_BYTES);
    const { problems } = outcome.report;
    if (store.expect === 'error') {
      expect(outcome.code).toBe(1);
      expect(problems[0]?.code).toMatch(/^store\//);
      expect(problems[0]?.message).toContain(store.where);
    } else {
      expect({ code: outcome.code, problems }).toEqual({ code: 0, problems: [] });
      expectSame(outcome.report, store);
    }
  });

  test.each(['v3/uint16-index-start-sharded', 'ngff-0.4/plate', 'v2/float32-blosc-zstd'])(
    '%s is told to be whole',
    async (path) => {
      const store = matrix.stores.find((one) => one.path === path) as MatrixStore;
      const { code, report } = await inspectInTerminal(join(matrix.folder, path));
      expect({ code, problems: report.problems }).toEqual({ code: 0, problems: [] });
      expectSame(report, store);
    },
  );
});

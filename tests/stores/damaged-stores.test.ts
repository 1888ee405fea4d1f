import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../../src/sdk/util/index.ts';
import {
  type ByteSource,
  checkChunks,
  countWrittenPlanes,
  memorySource,
  openStore,
  type Plane,
  readArray,
  readPlane,
} from '../../src/shared/stores/index.ts';
import { groupWith, json, type MemoryLayout, type MemoryStore, memoryStore, SHAPE, sealIndex } from './memory-store.ts';

const LAYOUTS: MemoryLayout[] = ['raw', 'gzip', 'checksum', 'sharded', 'sharded-start'];

async function planeOf(source: ByteSource, t = 1): Promise<Plane> {
  const { images } = await openStore(source);
  return readPlane(source, images[0]!, 0, { t });
}

function expected(t: number): number[] {
  return Array.from({ length: SHAPE[1]! * SHAPE[2]! }, (_, at) => 100 * t + 10 * Math.floor(at / 8) + (at % 8));
}

test.each(LAYOUTS)('a whole store (%s) is read', async (layout) => {
  const plane = await planeOf(memoryStore(layout).source, 2);
  expect(plane).toMatchObject({ widthPx: 8, heightPx: 6, dtype: 'uint16', min: 200, max: 257 });
  expect([...plane.data]).toEqual(expected(2));
});

describe('metadata', () => {
  test.each([
    ['nothing at all', new Map<string, Uint8Array>(), 'store/not-a-store'],
    ['chunks without metadata', new Map([['c/0/0', new Uint8Array(64)]]), 'store/not-a-store'],
    ['bytes that are no text', new Map([['zarr.json', new Uint8Array([0, 255, 123])]]), 'store/bad-metadata'],
    ['an empty file', new Map([['zarr.json', new Uint8Array(0)]]), 'store/bad-metadata'],
    ['half a file', new Map([['zarr.json', json({ zarr_format: 3 }).subarray(0, 9)]]), 'store/bad-metadata'],
    ['a list', new Map([['zarr.json', json([])]]), 'store/bad-metadata'],
    ['another version', new Map([['zarr.json', json({ zarr_format: 4, node_type: 'array' })]]), 'store/bad-metadata'],
  ])('%s', async (_, files, code) => {
    await expect(openStore(memorySource(files))).rejects.toMatchObject({ code });
  });

  test.each([
    ['a negative shape', { shape: [-1, 6, 8] }, 'store/bad-metadata'],
    ['a shape of fractions', { shape: [1, 6.5, 8] }, 'store/bad-metadata'],
    ['a shape that is no list', { shape: 'large' }, 'store/bad-metadata'],
    [
      'chunks of zero',
      { chunk_grid: { name: 'regular', configuration: { chunk_shape: [1, 0, 4] } } },
      'store/bad-metadata',
    ],
    [
      'chunks of another rank',
      { chunk_grid: { name: 'regular', configuration: { chunk_shape: [4, 4] } } },
      'store/bad-metadata',
    ],
    ['a grid nobody knows', { chunk_grid: { name: 'rectilinear', configuration: {} } }, 'store/bad-metadata'],
    ['a fill value that is no integer', { fill_value: 'NaN' }, 'store/bad-metadata'],
    ['an unknown dtype', { data_type: 'complex128' }, 'store/unknown-dtype'],
    ['no codecs', { codecs: [] }, 'store/unknown-codec'],
    ['an unknown first codec', { codecs: [{ name: 'nosuch' }, { name: 'bytes' }] }, 'store/unknown-codec'],
  ])('%s', async (_, changes, code) => {
    const store = memoryStore('raw');
    store.edit(changes);
    await expect(openStore(store.source)).rejects.toMatchObject({ code });
  });

  test('an unknown compressor is named when a plane is read', async () => {
    const store = memoryStore('raw');
    store.edit({ codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'nosuch' }] });
    await expect(planeOf(store.source)).rejects.toMatchObject({
      code: 'store/unknown-codec',
      message: expect.stringContaining('nosuch'),
    });
  });

  test('a plane or chunk larger than memory is refused before it is made', async () => {
    const store = memoryStore('raw');
    store.edit({ shape: [3, 2 ** 30, 2 ** 30] });
    await expect(planeOf(store.source)).rejects.toMatchObject({ code: 'store/too-large' });
    store.edit({ chunk_grid: { name: 'regular', configuration: { chunk_shape: [2 ** 20, 2 ** 20, 4] } } });
    await expect(planeOf(store.source)).rejects.toMatchObject({ code: 'store/too-large' });
  });

  test('of a huge array single planes can be read; what was never written is the fill value', async () => {
    const store = memoryStore('raw');
    store.edit({ shape: [2 ** 40, 6, 8] });
    expect(await planeOf(store.source, 2 ** 39)).toMatchObject({ min: 7, max: 7 });
  });

  test('an axis of length zero has no planes', async () => {
    const store = memoryStore('raw');
    store.edit({ shape: [0, 6, 8] });
    await expect(planeOf(store.source, 0)).rejects.toMatchObject({ code: 'store/no-plane' });
  });
});

describe('chunks', () => {
  test('a missing one is the fill value', async () => {
    const store = memoryStore('raw');
    store.files.delete('c/1/0/0');
    const plane = await planeOf(store.source);
    expect([...plane.data.subarray(0, 8)]).toEqual([7, 7, 7, 7, 104, 105, 106, 107]);
  });

  test.each<[MemoryLayout, number, string]>([
    ['raw', 10, 'store/truncated-chunk'],
    ['raw', 0, 'store/truncated-chunk'],
    ['gzip', 12, 'store/bad-chunk'],
    ['gzip', 0, 'store/bad-chunk'],
    ['checksum', 20, 'store/bad-chunk'],
  ])('one that is cut off (%s, %d bytes left)', async (layout, bytes, code) => {
    const store = memoryStore(layout);
    store.files.set('c/1/0/0', store.files.get('c/1/0/0')!.subarray(0, bytes));
    await expect(planeOf(store.source)).rejects.toMatchObject({ code, message: expect.stringContaining('c/1/0/0') });
    await expect(planeOf(store.source, 2)).resolves.toBeDefined();
  });

  test('a flipped bit under a checksum', async () => {
    const store = memoryStore('checksum');
    store.files.get('c/1/0/0')![3]! ^= 1;
    await expect(planeOf(store.source)).rejects.toMatchObject({ code: 'store/bad-chunk' });
  });

  test('one that blows up when it is decompressed', async () => {
    const store = memoryStore('gzip');
    store.files.set('c/1/0/0', new Uint8Array(gzipSync(new Uint8Array(50_000_000))));
    await expect(planeOf(store.source)).rejects.toMatchObject({ code: 'store/bad-chunk' });
  });

  test('one that is far too long', async () => {
    const store = memoryStore('raw');
    store.files.set('c/1/0/0', new Uint8Array(1_000_000));
    await expect(planeOf(store.source)).rejects.toMatchObject({ code: 'store/too-large' });
  });
});

describe('shards', () => {
  const indexAt = (shard: Uint8Array) => shard.byteLength - 4 * 16 - 4;

  test('a flipped bit in the index', async () => {
    const store = memoryStore('sharded');
    const shard = store.files.get('c/1/0/0')!;
    shard[indexAt(shard) + 5]! ^= 1;
    await expect(planeOf(store.source)).rejects.toMatchObject({ code: 'store/bad-index' });
  });

  test('one that is cut off', async () => {
    const store = memoryStore('sharded');
    store.files.set('c/1/0/0', store.files.get('c/1/0/0')!.subarray(0, 60));
    await expect(planeOf(store.source)).rejects.toMatchObject({ code: 'store/bad-index' });
  });

  test.each([
    ['past the end', 1n << 40n, 32n, 'store/truncated-chunk'],
    ['of an impossible length', 0n, 1n << 50n, 'store/bad-index'],
    ['at an impossible offset', 1n << 63n, 32n, 'store/bad-index'],
    ['of half a chunk', 0n, 16n, 'store/truncated-chunk'],
  ])('an index with a valid checksum that names bytes %s', async (_, offset, length, code) => {
    const store = memoryStore('sharded');
    const shard = store.files.get('c/1/0/0')!;
    const view = new DataView(shard.buffer, indexAt(shard));
    view.setBigUint64(0, offset, true);
    view.setBigUint64(8, length, true);
    sealIndex(shard, 4);
    await expect(planeOf(store.source)).rejects.toMatchObject({ code });
  });

  test('an index that is being rewritten is read again', async () => {
    const store = memoryStore('sharded');
    let reads = 0;
    const torn: ByteSource = {
      async read(key, range) {
        const bytes = await store.source.read(key, range);
        if (!bytes || !range || !('suffix' in range) || reads++ > 0) return bytes;
        return bytes.slice().fill(1, 0, 8);
      },
    };
    expect([...(await planeOf(torn)).data]).toEqual(expected(1));
    expect(reads).toBe(2);
  });
});

describe('paths that lead out of the store', () => {
  const dataset = (path: string) => ({ multiscales: [{ axes: [], datasets: [{ path }] }] });

  test.each(['../other', '/etc', 'a/../../b', 'C:\\data', 'file:///etc', 'a\\..\\b'])(
    'of a dataset: %s',
    async (path) => {
      const { problems, images } = await openStore(groupWith(dataset(path)));
      expect(images).toEqual([]);
      expect(problems).toContainEqual(expect.objectContaining({ code: 'store/path-escape' }));
    },
  );

  test('of a well, and of an image in a collection', async () => {
    const plate = groupWith({ plate: { wells: [{ path: '../../A/1' }] } });
    expect((await openStore(plate)).problems).toMatchObject([{ code: 'store/path-escape' }]);
    const series = { zarr_format: 3, node_type: 'group', attributes: { ome: { series: ['../x'] } } };
    const collection = groupWith({ 'bioformats2raw.layout': 3 }, { 'OME/zarr.json': series });
    expect((await openStore(collection)).problems).toMatchObject([{ code: 'store/path-escape' }]);
  });
});

test('more levels, labels and wells than anyone has are not looked for', async () => {
  const names = Array.from({ length: 20_000 }, (_, at) => String(at));
  const paths = names.map((path) => ({ path }));
  const labels = { zarr_format: 3, node_type: 'group', attributes: { ome: { labels: names } } };
  const image = await openStore(groupWith({ multiscales: [{ datasets: paths }] }, { 'labels/zarr.json': labels }));
  expect(image.problems.filter(({ code }) => code === 'store/too-large')).toHaveLength(2);
  const plate = await openStore(groupWith({ plate: { wells: paths } }));
  expect(plate.problems.filter(({ code }) => code === 'store/too-large')).toHaveLength(1);
});

test('parts that cannot be read are problems; the rest is shown', async () => {
  const array = JSON.parse(new TextDecoder().decode(memoryStore('raw').files.get('zarr.json')));
  const levels = { multiscales: [{ datasets: [{ path: '0' }, { path: '1' }, { path: '2' }] }] };
  const store = groupWith(levels, { '0/zarr.json': array, '1/zarr.json': { ...array, shape: [-3] } });
  const { images, problems } = await openStore(store);
  expect(images[0]?.levels.map(({ path }) => path)).toEqual(['0']);
  expect(problems.map(({ code }) => code)).toEqual(['store/bad-metadata', 'store/no-array']);
});

describe('without reading the pixels', () => {
  const problemsOf = async (store: MemoryStore) => {
    const array = await readArray(store.source, '');
    return (await checkChunks(store.source, array)).map(({ code }) => code);
  };

  test.each(LAYOUTS)('a whole store (%s) passes', async (layout) => {
    expect(await problemsOf(memoryStore(layout))).toEqual([]);
  });

  test.each<[MemoryLayout, number, string]>([
    ['raw', 31, 'store/truncated-chunk'],
    ['gzip', 0, 'store/truncated-chunk'],
    ['sharded', 100, 'store/bad-index'],
    ['sharded-start', 190, 'store/truncated-chunk'],
  ])('a file that was cut off is found (%s, %d bytes left)', async (layout, bytes, code) => {
    const store = memoryStore(layout);
    const [key] = [...store.files.keys()].filter((name) => name.startsWith('c/1/'));
    store.files.set(key!, store.files.get(key!)!.subarray(0, bytes));
    expect(await problemsOf(store)).toEqual([code]);
  });
});

test('reading stops when it is aborted', async () => {
  const store = memoryStore('sharded');
  const { images } = await openStore(store.source);
  const signal = AbortSignal.abort(new Error('closed'));
  await expect(readPlane(store.source, images[0]!, 0, { t: 0 }, signal)).rejects.toThrow('closed');
});

/** Runs `read` and returns the code of its error; whatever is no problem of the store fails the test. */
async function outcomeOf(read: () => Promise<unknown>): Promise<string> {
  try {
    await read();
    return 'read';
  } catch (error) {
    return codeOf(error);
  }
}

test.each(LAYOUTS)('damage anywhere in a store (%s) is a named problem or does no harm', async (layout) => {
  const whole = memoryStore(layout);
  const damage = fc.record({ file: fc.nat(), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, at, byte, cut }) => {
      const files = new Map([...whole.files].map(([key, bytes]) => [key, bytes.slice()]));
      const key = [...files.keys()][file % files.size]!;
      const bytes = files.get(key)!;
      bytes[at % bytes.byteLength] = byte;
      if (cut) files.set(key, bytes.subarray(0, at % bytes.byteLength));
      const source = memorySource(files);
      expect(await outcomeOf(async () => planeOf(source))).toMatch(/^(read$|store\/)/);
    }),
    { numRuns: 300 },
  );
});

describe('a Zarr 2 array, looked over without decoding', () => {
  const CODECS = ['raw', 'gzip', 'zstd', 'blosc', 'lz4'] as const;
  const pixels = Uint8Array.from({ length: 64 * 64 }, (_, at) => (at * at) >> 5);

  async function version2(
    codec: (typeof CODECS)[number],
    separator: '.' | '/',
    cut: (chunk: Uint8Array) => Uint8Array,
  ) {
    const encoded = await encodedBy(codec, pixels);
    const array = {
      zarr_format: 2,
      shape: [3, 64, 64],
      chunks: [1, 64, 64],
      dtype: '|u1',
      order: 'C',
      fill_value: 0,
      filters: null,
      compressor: codec === 'raw' ? null : { id: codec },
      dimension_separator: separator,
    };
    const files = new Map([['.zarray', json(array)]]);
    for (const t of [0, 1, 2]) files.set([t, 0, 0].join(separator), t === 1 ? cut(encoded) : encoded);
    const source = memorySource(files);
    return checkChunks(source, await readArray(source, ''));
  }

  async function encodedBy(codec: (typeof CODECS)[number], bytes: Uint8Array): Promise<Uint8Array> {
    if (codec === 'raw') return bytes;
    if (codec === 'gzip') return new Uint8Array(gzipSync(bytes));
    if (codec === 'zstd') return new Uint8Array(zstdCompressSync(bytes));
    const { registry } = await import('zarrita');
    const codecOf = await registry.get(codec)!();
    return codecOf.fromConfig({}, { dataType: 'uint8', shape: [], codecs: [], fillValue: null }).encode(bytes);
  }

  const kinds = CODECS.flatMap((codec) => (['.', '/'] as const).map((separator) => [codec, separator] as const));

  test.each(kinds)('is whole (%s, keys with %s)', async (codec, separator) => {
    expect(await version2(codec, separator, (chunk) => chunk)).toEqual([]);
  });

  test.each(kinds)('has a chunk of no bytes (%s, keys with %s)', async (codec, separator) => {
    expect(await version2(codec, separator, () => new Uint8Array(0))).toMatchObject([
      { code: 'store/truncated-chunk', message: expect.stringContaining(['1', '0', '0'].join(separator)) },
    ]);
  });

  // LZ4 alone does not say how long it is.
  test.each(kinds.filter(([codec]) => codec !== 'lz4'))(
    'has half a chunk (%s, keys with %s)',
    async (codec, separator) => {
      const half = (chunk: Uint8Array) => chunk.subarray(0, chunk.byteLength / 2);
      expect(await version2(codec, separator, half)).toMatchObject([
        { code: 'store/truncated-chunk', message: expect.stringContaining(['1', '0', '0'].join(separator)) },
      ]);
    },
  );
});

test('counting the planes of metadata that lie is called off when it is asked for', async () => {
  const store = memoryStore('sharded');
  store.edit({ shape: [50_000_000, 6, 8] });
  const calledOff = new AbortController();
  const counting = countWrittenPlanes(store.source, await readArray(store.source, ''), calledOff.signal);
  setTimeout(() => calledOff.abort(), 0);
  await expect(counting).rejects.toMatchObject({ name: 'AbortError' });
});

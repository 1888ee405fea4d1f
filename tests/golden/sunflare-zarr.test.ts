// What lies on the disk after an acquisition, against the Zarr backend of sunflare 0.11.1, recorded in golden_zarr.json.
// Ours writes OME-Zarr, so the tree differs by design; what a reader gets out of it does not.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { asError } from '../../src/sdk/util/index.ts';
import {
  type RampCamera,
  rampFrame,
  rampWriter,
  startRamp,
  type TestFolder,
  testFolder,
} from '../stores/ramp-store.ts';

const root = join(import.meta.dirname, '..', '..');
const golden = JSON.parse(await readFile(join(import.meta.dirname, 'sunflare', 'golden_zarr.json'), 'utf8'));

/** Golden keys by the row of docs/deviations-sunflare.md that says what is different; all of them have such a row. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  'path/4/4/1': 'zarr: an OME-Zarr image',
  'path/0/3/2': 'zarr: an OME-Zarr image',
  'path/2/2/1': 'zarr: an OME-Zarr image',
  'uri/2/2/1': 'zarr: file URIs',
  '3d_source_prepare': 'zarr: what is no frame is refused in words',
  tiny: 'zarr: chunks of whole rows',
  prepare_unknown: 'zarr: an unknown source is named',
  second_acquisition_keeps_stale_arrays: 'zarr: a store per run',
  write_over_capacity_2: 'zarr: over capacity',
  wrong_shape_4x4: 'zarr: what is no frame is refused in words',
  wrong_dtype_u16: 'zarr: what is no frame is refused in words',
  static_name_second_run_overwrites: 'zarr: nothing is overwritten',
  array_without_frames_not_materialised: 'zarr: a camera without frames',
};

let folder: TestFolder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

const camera = (name: string, capacity = 0): RampCamera => ({ name, dtype: 'uint16', shape: [8, 16], capacity });
const small = (name: string, capacity = 0): RampCamera => ({ name, dtype: 'uint8', shape: [8, 8], capacity });
const json = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'));

test('every recorded value has its row', async () => {
  expect(Object.keys(DEVIATIONS).sort()).toEqual(Object.keys(golden).sort());
  const listed = await readFile(join(root, 'docs', 'deviations-sunflare.md'), 'utf8');
  expect(Object.values(DEVIATIONS).filter((title) => !listed.includes(`| ${title} |`))).toEqual([]);
});

describe.each([
  ['path/4/4/1', 4, 4, ['cam0']],
  ['path/0/3/2', 0, 3, ['cam0', 'cam1']],
  ['path/2/2/1', 2, 2, ['cam0']],
])('zarr: an OME-Zarr image (%s)', (key, capacity, frames, names) => {
  const { docs, json: files } = golden[key].ok;
  const referenceArray = (name: string) =>
    files[Object.keys(files).find((path) => path.endsWith(`${name}/zarr.json`)) ?? ''];

  async function acquire() {
    const run = await startRamp(
      folder.path,
      names.map((name) => camera(name, capacity)),
    );
    await run.writeRamp(0, frames);
    const collected = names.flatMap((name) => [...run.writer.collectStreamDocs(name, frames)]);
    await run.close();
    return { run, collected };
  }

  test('the same documents, with where in the store and the URI of a file', async () => {
    const { run, collected } = await acquire();
    const uids = collected.flatMap(({ name, doc }) => (name === 'stream_resource' ? [doc.uid] : []));
    const inReference = (text: string) => uids.reduce((known, uid, at) => known.replaceAll(uid, `<uid${at}>`), text);
    const known = new Map<string, string>();
    const normalised = (value: unknown) =>
      JSON.parse(
        JSON.stringify(value).replace(/<uid\d+>/g, (uid) => {
          if (!known.has(uid)) known.set(uid, `<uid${known.size}>`);
          return known.get(uid) ?? uid;
        }),
      );
    const ours = collected.map(({ name, doc }) => [name, JSON.parse(inReference(JSON.stringify(doc)))]);
    for (const [name, doc] of ours) {
      if (name !== 'stream_resource') continue;
      expect(doc.uri).toBe(pathToFileURL(run.storeDir).href);
      expect(doc.parameters.dataset).toBe(names.length > 1 ? `${doc.parameters.array_name}/0` : '0');
      doc.parameters = { array_name: doc.parameters.array_name };
      doc.uri = '';
    }
    const theirs = normalised(docs);
    for (const [name, doc] of theirs) if (name === 'stream_resource') doc.uri = '';
    expect(ours).toEqual(theirs);
  });

  test('the same kind of array: sharded, little endian, checked index at the end, as many frames as were written', async () => {
    const { run } = await acquire();
    for (const name of names) {
      const reference = referenceArray(name);
      const array = await json(run.storeDir, ...(names.length > 1 ? [name] : []), '0', 'zarr.json');
      for (const field of ['zarr_format', 'node_type', 'data_type', 'fill_value', 'chunk_key_encoding']) {
        expect([field, array[field]]).toEqual([field, reference[field]]);
      }
      const [sharding] = array.codecs;
      const [theirs] = reference.codecs;
      expect(sharding.name).toBe(theirs.name);
      expect(sharding.configuration.codecs).toEqual(theirs.configuration.codecs);
      expect(sharding.configuration.index_codecs).toEqual(theirs.configuration.index_codecs);
      expect(sharding.configuration.index_location).toBe(theirs.configuration.index_location);
      expect(array.dimension_names).toEqual(['t', 'c', 'z', 'y', 'x']);
      expect([array.shape[0], ...array.shape.slice(-2)]).toEqual(reference.shape);
    }
  });
});

test('zarr: file URIs', async () => {
  expect(golden['uri/2/2/1'].message).toBe('Failed to create Zarr stream');
  const run = await startRamp(folder.path, [camera('cam0', 1)]);
  await run.writeRamp(0, 1);
  const [resource] = [...run.writer.collectStreamDocs('cam0', 1)];
  await run.close();
  expect(resource?.doc).toMatchObject({ uri: pathToFileURL(run.storeDir).href });
  expect(existsSync(run.storeDir)).toBe(true);
});

describe('zarr: what is no frame is refused in words', () => {
  test('a source of three dimensions is a volume; one of a single dimension is none', () => {
    expect(golden['3d_source_prepare'].message).toBe('too many values to unpack (expected 2)');
    rampWriter().updateSource('v', 'uint8', [3, 4, 5]);
    expect(() => rampWriter().updateSource('v', 'uint8', [3])).toThrow(
      expect.objectContaining({ code: 'store/shape' }),
    );
  });

  test.each([
    ['wrong_shape_4x4', rampFrame('uint8', 0, 4, 4), 'a frame of 16 pixels, but [8, 8] was declared'],
    ['wrong_dtype_u16', rampFrame('uint16', 0, 8, 8), 'a frame of Uint16Array, but uint8 was declared'],
  ])('%s: the reference counts a frame that it lost or tore', async (key, frame, message) => {
    expect(golden[key].ok.slice(0, 3)).toEqual([{ ok: null }, { ok: null }, 1]);
    const run = await startRamp(folder.path, [small('a')]);
    expect(() => run.sinks.get('a')?.write(frame)).toThrow(message);
    await run.close();
    expect(run.writer.getIndicesWritten('a')).toBe(0);
  });
});

test('zarr: chunks of whole rows', async () => {
  expect(golden.tiny.ok).toEqual([1, 1, 1]);
  const run = await startRamp(folder.path, [{ name: 'c', dtype: 'uint8', shape: [2, 3], capacity: 1 }]);
  await run.writeRamp(0, 1);
  await run.close();
  const array = await json(run.storeDir, '0', 'zarr.json');
  expect(array.codecs[0].configuration.chunk_shape.slice(-1)).toEqual([3]);
});

test('zarr: an unknown source is named', () => {
  expect([golden.prepare_unknown.error, golden.prepare_unknown.message]).toEqual(['KeyError', "'zz'"]);
  expect(() => rampWriter().prepare('zz')).toThrow(expect.objectContaining({ name: 'KeyError' }));
});

test('zarr: a store per run', async () => {
  expect(golden.second_acquisition_keeps_stale_arrays.ok[1][2]).toEqual(['a', 'zarr.json']);
  const writer = rampWriter();
  const made: string[][] = [];
  for (const [run, names] of [['a', 'b'], ['a']].entries()) {
    const storeDir = join(folder.path, `${run}.ome.zarr`);
    const sinks = names.map((name) => {
      writer.updateSource(name, 'uint8', [8, 8]);
      return writer.prepare(name, 1);
    });
    writer.setTarget({ storeDir, journalPath: join(folder.path, `${run}.jsonl`) });
    await writer.kickoff();
    for (const sink of sinks) sink.write(rampFrame('uint8', 0, 8, 8));
    for (const sink of sinks) await sink.close();
    made.push((await inspectStore(storeDir)).arrays.map(({ path }) => path));
  }
  expect(made).toEqual([['a/0', 'b/0'], ['0']]);
});

test('zarr: over capacity', async () => {
  const [outcomes, indices, shape] = golden.write_over_capacity_2.ok;
  const run = await startRamp(folder.path, [small('a', 2)]);
  const messages: (string | null)[] = [];
  for (let frame = 0; frame < outcomes.length; frame++) {
    try {
      run.sinks.get('a')?.write(rampFrame('uint8', frame, 8, 8));
      messages.push(null);
    } catch (error) {
      messages.push(asError(error).message);
    }
  }
  await run.close();
  expect(messages.map((message) => message === null)).toEqual(outcomes.map((one: object) => 'ok' in one));
  expect(messages[2]).toBe('a: frame 2 is one more than the 2 that were announced');
  expect(run.writer.getIndicesWritten('a')).toBe(indices);
  const { shape: ours } = await json(run.storeDir, '0', 'zarr.json');
  expect([ours[0], ...ours.slice(-2)]).toEqual(shape);
});

test('zarr: nothing is overwritten', async () => {
  expect(golden.static_name_second_run_overwrites.ok).toEqual([
    [3, 8, 8],
    [1, 8, 8],
  ]);
  const first = await startRamp(folder.path, [small('a')]);
  await first.writeRamp(0, 3);
  await first.close();
  await expect(startRamp(folder.path, [small('a')])).rejects.toMatchObject({ code: 'store/write-failed' });
  expect((await json(first.storeDir, '0', 'zarr.json')).shape[0]).toBe(3);
});

test('zarr: a camera without frames', async () => {
  expect(golden.array_without_frames_not_materialised.ok).toEqual(['a', 'zarr.json']);
  const run = await startRamp(folder.path, [small('a'), small('b')]);
  run.sinks.get('a')?.write(rampFrame('uint8', 0, 8, 8));
  await run.close();
  expect((await readdir(run.storeDir)).sort()).toEqual(['OME', 'a', 'b', 'zarr.json']);
  expect((await json(run.storeDir, 'b', '0', 'zarr.json')).shape[0]).toBe(0);
});

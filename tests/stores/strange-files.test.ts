import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readItems } from '../../src/main/cli/read-items.ts';
import { scanBundles } from '../../src/main/plugins/load-bundle.ts';
import { loadSession } from '../../src/main/session/load-session.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { summariseRun } from '../../src/main/storage/catalogue/run-record.ts';
import { writeFileAtomic } from '../../src/main/storage/files/atomic-file.ts';
import { recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import { parseLine } from '../../src/main/storage/run/journal.ts';
import { readLines } from '../../src/main/storage/run/torn-line.ts';
import { json } from './memory-store.ts';
import { systemClock } from './ramp-store.ts';

// Folders of other programs: what lies there under the name of a file may be anything.

const GIB = 1024 ** 3;
const shell = promisify(execFile);
let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const known = { idsOf: () => [], plugins: [], optionsOf: () => null };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redsun-strange-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An array of uint8, by default of one chunk; chunks have files of their own. */
async function arrayOf(shape: readonly number[], chunkShape = shape): Promise<void> {
  const array = {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: 'uint8',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunkShape } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 0,
    codecs: [{ name: 'bytes' }],
  };
  await writeFile(at('zarr.json'), json(array));
  await mkdir(at('c', ...shape.slice(1).map(() => '0')), { recursive: true });
}

const chunk = () => at('c', '0', '0');

describe.skipIf(process.platform === 'win32')('a named pipe', () => {
  const pipe = async (...names: string[]) => void (await shell('mkfifo', [at(...names)]));

  test('as metadata of a store keeps nobody waiting, and is named', async () => {
    await pipe('zarr.json');
    const { problems } = await inspectStore(folder, { stats: true });
    expect(problems).toMatchObject([{ code: 'store/unreadable', message: expect.stringContaining('a named pipe') }]);
  });

  test('as a chunk keeps nobody waiting, and is named', async () => {
    await arrayOf([4, 4]);
    await pipe('c', '0', '0');
    const { problems } = await inspectStore(folder, { stats: true });
    expect(problems).toMatchObject([{ code: 'store/unreadable', message: expect.stringContaining('a named pipe') }]);
    expect((await inspectStore(folder)).problems).toMatchObject([{ code: 'store/unreadable' }]);
  });

  test('as the journal beside a store is a problem of its own', async () => {
    await mkdir(at('data.ome.zarr'));
    await writeFile(at('data.ome.zarr', 'zarr.json'), json({ zarr_format: 3, node_type: 'group' }));
    await pipe('journal.jsonl');
    const { problems } = await inspectStore(at('data.ome.zarr'));
    expect(problems).toMatchObject([{ code: 'store/bad-journal', message: expect.stringContaining('a named pipe') }]);
  });

  test.each(['journal.jsonl', 'counts.jsonl', 'documents.jsonl'])(
    'as %s is no reason not to recover other runs',
    async (name) => {
      await pipe(name);
      const report = await recoverRun(folder, { writes: true, clock: systemClock });
      expect(report).toMatchObject({ state: 'damaged', problems: [{ code: 'file/not-regular' }] });
    },
  );

  test('in the place of a file that is being written keeps nobody waiting', async () => {
    await pipe('facts.json.tmp');
    const written = writeFileAtomic(at('facts.json'), '{}', systemClock);
    await expect(written).rejects.toMatchObject({ code: 'file/not-regular' });
  });

  test('as the documents of a run leaves the run in the list, with the reason', async () => {
    await pipe('documents.jsonl');
    expect(await summariseRun(folder, '2026-12-01/mda_00000')).toMatchObject({
      reason: expect.stringContaining('a named pipe'),
    });
  });

  test('as a session, as items and as the manifest of a bundle is refused', async () => {
    await pipe('session.yaml');
    await expect(loadSession(at('session.yaml'), known)).rejects.toThrow('a named pipe');
    await expect(readItems(at('session.yaml'))).rejects.toThrow('a named pipe');
    await mkdir(at('bundle'));
    await pipe('bundle', 'redsun.yaml');
    expect(await scanBundles([folder])).toMatchObject([
      { kind: 'failed', error: { message: expect.stringContaining('a named pipe') } },
    ]);
  });
});

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  test('a socket is named', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('zarr.json'), resolve));
    const { problems } = await inspectStore(folder);
    server.close();
    expect(problems).toMatchObject([{ code: 'store/unreadable', message: expect.stringContaining('no regular file') }]);
  });

  test('a device that never ends is not read, by whatever name it is reached', async () => {
    await symlink('/dev/zero', at('journal.jsonl'));
    await expect(readLines(at('journal.jsonl'))).rejects.toMatchObject({
      code: 'file/not-regular',
      message: expect.stringContaining('a device'),
    });
    await symlink('/dev/zero', at('zarr.json'));
    expect((await inspectStore(folder)).problems).toMatchObject([{ code: 'store/path-escape' }]);
  });

  test('a folder named like a file is as good as nothing, as in zarr-python', async () => {
    await mkdir(at('zarr.json'));
    expect((await inspectStore(folder)).problems).toMatchObject([{ code: 'store/not-a-store' }]);
    await rm(at('zarr.json'), { recursive: true });
    await arrayOf([4, 4]);
    await mkdir(chunk());
    const { arrays } = await inspectStore(folder, { stats: true });
    expect(arrays[0]?.stats).toMatchObject({ min: 0, max: 0 });
  });
});

/** A file that has no bytes on the disk. */
async function sparse(path: string, bytes: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, bytes);
}

describe('a file of 3 GiB', () => {
  test('as a chunk of 16 pixels is refused without being read', async () => {
    await arrayOf([4, 4]);
    await sparse(chunk(), 3 * GIB);
    const { problems } = await inspectStore(folder, { stats: true });
    expect(problems).toMatchObject([{ code: 'store/too-large', message: expect.stringContaining('c/0/0') }]);
  });

  test('as a chunk of 1 GiB is refused without being read', async () => {
    await arrayOf([32768, 32768]);
    await sparse(chunk(), 3 * GIB);
    const { problems } = await inspectStore(folder, { stats: true });
    expect(problems).toMatchObject([{ code: 'store/too-large', message: expect.stringContaining('c/0/0') }]);
  });

  test('is refused where somebody asks for all of it', async () => {
    await sparse(at('all'), 3 * GIB);
    await expect(new FileByteSource(folder).read('all')).rejects.toMatchObject({ code: 'store/too-large' });
  });

  test('is read in parts wherever the part lies', async () => {
    await sparse(at('all'), 3 * GIB);
    const file = await open(at('all'), 'r+');
    await file.write(Buffer.from('end'), 0, 3, 3 * GIB - 3);
    await file.close();
    const read = await new FileByteSource(folder).read('all', { suffix: 3 });
    expect(Buffer.from(read!).toString()).toBe('end');
  });

  test('as metadata or a session is refused', async () => {
    await sparse(at('zarr.json'), 3 * GIB);
    expect((await inspectStore(folder)).problems).toMatchObject([{ code: 'store/bad-metadata' }]);
    await expect(loadSession(at('zarr.json'), known)).rejects.toThrow('3221225472 bytes');
  });

  test('(or of more zeros than a string can have) as a journal has no lines', async () => {
    await sparse(at('journal.jsonl'), 600_000_000);
    expect(await readLines(at('journal.jsonl'))).toEqual({ rows: [], wholeBytes: 0, tornBytes: 600_000_000 });
  });
});

test('statistics of a picture that is larger than any plane that can be drawn are made in parts', async () => {
  await arrayOf([33_792, 32_768], [1024, 1024]);
  const { arrays, problems } = await inspectStore(folder, { stats: true });
  expect(problems).toEqual([]);
  // Of 1,107,296,256 zeros, by sha256sum.
  expect(arrays[0]?.stats?.sha256).toBe('f10397ebd21b0e64a058b7abd27dc6dcd18cd1a32c593b7c0fcf09391325f017');
}, 60_000);

test('JSON that is nested deeper than any stack is refused, and who prints it is safe', async () => {
  const deep = `{"zarr_format":3,"node_type":"group","attributes":{"ome":{"omero":${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`;
  await writeFile(at('zarr.json'), deep);
  const { problems } = await inspectStore(folder);
  expect(problems).toMatchObject([
    { code: 'store/bad-metadata', message: 'zarr.json: its JSON is nested more than 200 deep' },
  ]);
});

test('a line of a journal that is nested deeper than any stack makes no sense', () => {
  const line = `{"array":"0","frame":0,"index":{"t":0,"p":0,"c":0,"z":0},"crc32c":"0","asked":`;
  expect(parseLine(`${line}{}}`)).not.toBeNull();
  expect(parseLine(`${line}${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toBeNull();
});

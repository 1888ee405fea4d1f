import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runMeasured } from './measured-cli.ts';
import { type Bench, bench, item } from './run-cli.ts';

async function benchWithStore() {
  const made = await bench();
  const items = await made.file('items.json', item('count', [['camera']], { num: 3 }));
  const { code, stderr } = await made.redsun('run', items, '--session', made.session, '--out', made.out);
  expect(code, stderr).toBe(0);
  const [run = ''] = await made.runs();
  return { ...made, run: join(made.out, run), store: join(made.out, run, 'data.ome.zarr') };
}

/** An array of half a gigabyte that takes no room on the disk: nothing was ever written into it. */
async function largeStore({ folder }: Bench): Promise<string> {
  const store = join(folder, 'large.zarr');
  await mkdir(store);
  const metadata = {
    zarr_format: 3,
    node_type: 'array',
    shape: [256, 1024, 1024],
    data_type: 'uint16',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [1, 1024, 1024] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 7,
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
    attributes: {},
  };
  await writeFile(join(store, 'zarr.json'), JSON.stringify(metadata));
  return store;
}

test('export writes the copy beside the store, says where, and tells how far it is', async () => {
  const { store, run, redsun } = await benchWithStore();
  const tiff = await redsun('export', store, '--to', 'ome-tiff');
  expect(tiff).toEqual({
    code: 0,
    stdout: `${join(run, 'data.ome.tif')}\n`,
    stderr: expect.stringContaining('100 % (3 of 3 planes)'),
  });
  const zarr = await redsun('export', store, '--to', 'ngff-0.4');
  expect(zarr).toMatchObject({ code: 0, stdout: `${join(run, 'data-0.4.ome.zarr')}\n` });
  const { stdout } = await redsun('inspect', join(run, 'data-0.4.ome.zarr'), '--json');
  expect(JSON.parse(stdout)).toMatchObject({ zarr_format: 2, ome_version: '0.4', problems: [] });
});

describe('export gives 2 and starts nothing', () => {
  test.each([
    [['--to', 'ome-tif'], 'Did you mean "ome-tiff"?'],
    [[], 'expected --to'],
    [['--to', 'ome-tiff', 'another'], 'expected the path of one store'],
    [['--to', 'ome-tiff', '--out', 'session.yaml'], 'session.yaml is there already'],
    [['--to', 'ngff-0.4', '--out', 'large.zarr/copy'], 'is in the store'],
  ])('for %j', async (args, message) => {
    const made = await bench();
    const { code, stdout, stderr } = await made.redsun('export', await largeStore(made), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect((await readdir(made.folder)).sort()).toEqual(['large.zarr', 'session.yaml']);
    expect(await readFile(made.session, 'utf8')).toContain('schema_version');
  });

  test('for a store that is not there', async () => {
    const { redsun } = await bench();
    expect(await redsun('export', 'nowhere.zarr', '--to', 'ome-tiff')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nowhere.zarr'),
    });
  });
});

test('export of a damaged store gives 1, the file at fault, and leaves nothing behind', async () => {
  const { store, run, redsun } = await benchWithStore();
  const before = await readdir(run);
  const [shard = ''] = (await readdir(store, { recursive: true }))
    .filter((path) => /^0\/c\/.*\/0$/.test(path) && !path.endsWith('c/0'))
    .slice(-1);
  await truncate(join(store, shard), 50);
  const { code, stdout, stderr } = await redsun('export', store, '--to', 'ome-tiff');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`store/bad-index: ${shard}`);
  expect(await readdir(run)).toEqual(before);
});

test.each(['ome-tiff', 'ngff-0.4'])(
  'Ctrl+C during export to %s gives 130 and leaves nothing behind',
  async (format) => {
    const made = await bench();
    const running = made.start('export', await largeStore(made), '--to', format);
    await running.said('10 %');
    running.child.kill('SIGINT');
    expect(await running.finished).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringContaining('Interrupted'),
    });
    expect((await readdir(made.folder)).sort()).toEqual(['large.zarr', 'session.yaml']);
  },
);

test.each(['ome-tiff', 'ngff-0.4'])('half a gigabyte is exported to %s in less memory than that', async (format) => {
  const made = await bench();
  const store = await largeStore(made);
  const out = join(made.folder, 'copy');
  const { code, stderr, residentBytes } = await runMeasured('export', store, '--to', format, '--out', out);
  expect(code, stderr).toBe(0);
  expect(residentBytes).toBeLessThan(300_000_000);
});

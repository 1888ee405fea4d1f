import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shell } from '../recover/small-disk.ts';
import { bench, item, linesOf } from './run-cli.ts';

// The program itself on what once hung or ended it; tests/stores and tests/recover know the details.

const GIB = 2 ** 30;

/** A Zarr 3 array of 4 x 4 bytes in one chunk. */
async function arrayIn(folder: string): Promise<string> {
  const store = join(folder, 'foreign.zarr');
  await mkdir(join(store, 'c', '0'), { recursive: true });
  const array = {
    zarr_format: 3,
    node_type: 'array',
    shape: [4, 4],
    data_type: 'uint8',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [4, 4] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 0,
    codecs: [{ name: 'bytes' }],
  };
  await writeFile(join(store, 'zarr.json'), JSON.stringify(array));
  return store;
}

test.skipIf(process.platform === 'win32')('a named pipe among the files of a store stops nobody', async () => {
  const { folder, redsun } = await bench();
  const store = await arrayIn(folder);
  for (const [pipe, what] of [
    [join(store, 'c', '0', '0'), 'c/0/0'],
    [join(store, 'zarr.json'), 'zarr.json'],
  ] as const) {
    await rm(pipe, { force: true });
    await shell('mkfifo', [pipe]);
    const { code, stdout } = await redsun('inspect', store, '--stats', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).problems).toMatchObject([
      { code: 'store/unreadable', message: expect.stringMatching(new RegExp(`${what}.*a named pipe`)) },
    ]);
  }
});

test('a chunk of 3 GiB is refused, and does not end the program', async () => {
  const { folder, redsun } = await bench();
  const store = await arrayIn(folder);
  const chunk = join(store, 'c', '0', '0');
  await writeFile(chunk, '');
  await truncate(chunk, 3 * GIB);
  const { code, stdout, stderr } = await redsun('inspect', store, '--stats', '--json');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(JSON.parse(stdout).problems).toMatchObject([{ code: 'store/too-large' }]);
});

test('a run whose folder is deleted says so and ends, though nobody sits at the terminal', async () => {
  const { file, session, start, out, runs } = await bench();
  const items = await file('items.json', [
    item('mda', [], { sequence: { time_plan: { interval: 0.05, loops: 1200 } } }),
  ]);
  const running = start('run', items, '--session', session, '--out', out, '--json');
  const journal = async () => {
    const [run] = await runs();
    return run === undefined ? '' : readFile(join(out, run, 'journal.jsonl'), 'utf8').catch(() => '');
  };
  await expect.poll(async () => (await journal()).split('\n').length).toBeGreaterThan(3);
  const [run = ''] = await runs();
  await rm(join(out, run), { recursive: true });
  await running.said('Paused: ');
  const { code, stdout, stderr } = await running.finished;
  expect(code).toBe(1);
  expect(stderr).toContain('is not there any more: it was deleted or moved');
  expect(linesOf(stdout)[0]?.exit_status).not.toBe('success');
  // Nothing is made anew in its place.
  expect(await readdir(join(out, run)).catch(() => [])).toEqual([]);
});

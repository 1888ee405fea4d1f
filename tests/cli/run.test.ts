import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { bench, item, linesOf, SESSION } from './run-cli.ts';

const COUNT = item('count', [['camera']], { num: 3 });
const MDA = item('mda', [], {
  sequence: {
    channels: [{ config: 'FITC' }, { config: 'Cy5' }],
    z_plan: { range: 2, step: 1 },
    time_plan: { interval: 0, loops: 2 },
  },
});

test('run gives one result line per item on stdout, progress on stderr, and all documents in one file', async () => {
  const { file, folder, session, out, redsun, runs } = await bench();
  const items = await file('items.json', [COUNT, MDA]);
  const documents = join(folder, 'documents.jsonl');
  const { code, stdout, stderr } = await redsun(
    'run',
    items,
    '--session',
    session,
    '--out',
    out,
    '--documents',
    documents,
    '--json',
  );
  expect(code).toBe(0);
  expect(stderr).toContain('item 0: count');
  expect(stderr).toContain('item 1: mda');
  const [count, mda] = await runs();
  const results = linesOf(stdout);
  expect(results.map(({ run_start_uids: _uids, ...rest }) => rest)).toEqual([
    { item: 0, name: 'count', exit_status: 'success', reason: '', run_folder: join(out, `${count}`), error: null },
    { item: 1, name: 'mda', exit_status: 'success', reason: '', run_folder: join(out, `${mda}`), error: null },
  ]);
  const lines = linesOf(await readFile(documents, 'utf8')) as { name: string; doc: Record<string, unknown> }[];
  const starts = lines.filter(({ name }) => name === 'start').map(({ doc }) => doc);
  expect(starts.map(({ uid }) => [uid])).toEqual(results.map(({ run_start_uids: uids }) => uids));
  expect(starts.map(({ scan_id: id }) => id)).toEqual([1, 2]);
  expect(lines.filter(({ name }) => name === 'event')).toHaveLength(3 + 2 * 2 * 3);
  expect(lines.at(-1)).toMatchObject({ name: 'stop', doc: { exit_status: 'success' } });
  const inFolders = await Promise.all(
    [count, mda].map(async (run) => linesOf(await readFile(join(out, `${run}`, 'documents.jsonl'), 'utf8'))),
  );
  expect(inFolders.flat()).toEqual(lines);
});

test('a single item from standard input runs, too, and without --json a line for people is printed', async () => {
  const { session, out, start } = await bench();
  const running = start('run', '-', '--session', session, '--out', out);
  running.child.stdin?.end(JSON.stringify(COUNT));
  const { code, stdout } = await running.finished;
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^count: success, in .*count_0001\n$/) });
});

test('a plan that fails ends the batch with 1 and its error; --keep-going runs the rest', async () => {
  const { file, session, out, redsun } = await bench();
  const items = await file('items.json', [COUNT, item('count', [['failing']]), COUNT]);
  const stopped = await redsun('run', items, '--session', session, '--out', out, '--json');
  const failed = {
    item: 1,
    exit_status: 'fail',
    reason: expect.stringContaining('failing: the detector is broken'),
    run_start_uids: [expect.any(String)],
    error: { code: 'device/refused', message: expect.stringContaining('failing') },
  };
  expect(stopped.code).toBe(1);
  expect(linesOf(stopped.stdout)).toMatchObject([{ item: 0, exit_status: 'success' }, failed]);
  const went = await redsun('run', items, '--session', session, '--out', out, '--json', '--keep-going');
  expect(went.code).toBe(1);
  expect(linesOf(went.stdout)).toMatchObject([{ item: 0 }, failed, { item: 2, exit_status: 'success' }]);
});

test('Ctrl+C during an exposure ends with 130, a clean stop document and the light off', async () => {
  const { file, session, out, start, runs } = await bench();
  const long = item('mda', [], { sequence: { channels: [{ config: 'FITC', exposure: 60_000 }] } });
  const running = start('run', await file('items.json', [long, COUNT]), '--session', session, '--out', out, '--json');
  await running.said('light is on');
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.finished;
  expect(code).toBe(130);
  expect(linesOf(stdout)).toMatchObject([{ item: 0, exit_status: 'abort', reason: 'Interrupted', error: null }]);
  expect(stderr.match(/light is (on|off)/g)?.at(-1)).toBe('light is off');
  const [run, ...others] = await runs();
  expect(others).toEqual([]);
  const documents = linesOf(await readFile(join(out, `${run}`, 'documents.jsonl'), 'utf8'));
  expect(documents.at(-1)).toMatchObject({ name: 'stop', doc: { exit_status: 'abort', reason: 'Interrupted' } });
});

test('a second program on the same session ends with 2 and names the process that holds it', async () => {
  const { file, session, out, start, redsun } = await bench();
  const first = start('serve', session, '--out', out, '--json');
  await first.said('"token"');
  const { code, stderr } = await redsun('run', await file('items.json', [COUNT]), '--session', session, '--out', out);
  expect(stderr).toContain(`in use by process ${first.child.pid}`);
  expect(code).toBe(2);
  first.child.kill('SIGINT');
  expect((await first.finished).code).toBe(130);
  const after = await redsun('run', await file('items.json', [COUNT]), '--session', session, '--out', out);
  expect(after.code).toBe(0);
});

test('a run that waits for a device that never answers ends with 130: aborted, and halted when that does not get through', async () => {
  const { file, session, out, start } = await bench(
    SESSION.replace(
      'z: {plugin_name: sim-microscope, plugin_id: z-stage, velocity_um_per_s: 2000, settle_ms: 0}',
      'z: {plugin_name: stuck, plugin_id: focus}',
    ),
  );
  // Its clean-up moves the focus back, and hangs as well.
  const items = await file('items.json', item('rel_scan', [['camera'], 'z', -1, 1], { num: 3 }));
  const documents = join(out, 'documents.jsonl');
  await mkdir(out, { recursive: true });
  const running = start('run', items, '--session', session, '--out', out, '--documents', documents, '--json');
  await running.said('item 0: rel_scan');
  await vi.waitFor(async () => expect(await readFile(documents, 'utf8')).toContain('"start"'), { timeout: 20_000 });
  running.child.kill('SIGINT');
  await running.said('Ctrl+C again');
  running.child.kill('SIGINT');
  const { code, stdout } = await running.finished;
  expect(code).toBe(130);
  expect(linesOf(stdout)).toMatchObject([{ name: 'rel_scan', exit_status: 'abort', reason: 'Interrupted' }]);
});

test('--dry-run does everything but write the run', async () => {
  const { file, folder, session, out, redsun, runs } = await bench();
  const items = await file('items.json', [COUNT]);
  const documents = join(folder, 'documents.jsonl');
  const args = ['--session', session, '--out', out, '--documents', documents, '--dry-run', '--json'];
  const { code, stdout } = await redsun('run', items, ...args);
  expect(code).toBe(0);
  expect(linesOf(stdout)).toMatchObject([{ name: 'count', exit_status: 'success', run_folder: null }]);
  expect(linesOf(await readFile(documents, 'utf8')).at(-1)).toMatchObject({ name: 'stop' });
  expect(await runs()).toEqual([]);
});

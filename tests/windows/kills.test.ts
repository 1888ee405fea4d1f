import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { item, linesOf } from '../cli/run-cli.ts';
import { type WindowsBench, windowsBench } from './windows-bench.ts';

const LOOPS = 60;
const SEQUENCE = { time_plan: { interval: 0.1, loops: LOOPS }, z_plan: { range: 1, step: 1 } };

test('of a run that was killed no acknowledged frame is lost, it is made whole, and gone on with to its last frame', async () => {
  const bench = await windowsBench();
  const out = win32.join(bench.folder, 'data');
  await killedRun(bench, out);
  const recovered = await bench.redsun('recover', out, '--json');
  expect(recovered.code, recovered.stderr).toBe(0);
  const [report] = linesOf(recovered.stdout);
  expect(report).toMatchObject({ lost: 0, problems: [] });
  expect(Number(report?.found)).toBeGreaterThan(0);
  const store = win32.join(String(report?.path), 'data.ome.zarr');
  expect(await bench.redsun('inspect', store, '--stats')).toMatchObject({ code: 0 });
  const resumed = await bench.redsun('recover', out, '--resume', '--json');
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(linesOf(resumed.stdout).at(-1)).toMatchObject({
    exit_status: 'success',
    frames: 2 * LOOPS - Number(report?.found),
  });
});

test('a lock whose process number another process has by now holds nobody up once it was not renewed for a minute', async () => {
  const bench = await windowsBench();
  const out = win32.join(bench.folder, 'data');
  await killedRun(bench, out);
  const path = join(bench.onLinux(out), 'test', '.redsun', 'session.lock');
  const lock: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
  expect(lock.started, 'nobody says there when a process was started').toBeNull();
  // Any program of this Windows that lives has the number now.
  const other = bench.node('-e', 'console.log(process.pid); setInterval(() => {}, 1000)');
  await other.said('\n');
  await writeFile(path, JSON.stringify({ ...lock, pid: Number((await other.heard()).stdout) }));
  const held = await bench.redsun('recover', out, '--json');
  expect(held.code, held.stdout).toBe(2);
  expect(linesOf(held.stdout)).toMatchObject([{ problems: [{ code: 'session/locked' }] }]);
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(path, longAgo, longAgo);
  const free = await bench.redsun('recover', out, '--json');
  expect(free.code, free.stdout).toBe(0);
});

/** Kills a run when a frame of it is acknowledged. */
async function killedRun(bench: WindowsBench, out: string): Promise<void> {
  const items = await bench.file('items.json', [item('mda', [], { sequence: SEQUENCE })]);
  const session = win32.join(bench.folder, 'session.yaml');
  const run = bench.start('run', items, '--session', session, '--out', out);
  let hasEnded = false;
  void run.finished.then(() => {
    hasEnded = true;
  });
  await expect.poll(async () => hasEnded || (await acknowledgedIn(bench.onLinux(out))) > 5).toBe(true);
  expect(hasEnded, (await run.heard()).stderr).toBe(false);
  run.child.kill('SIGKILL');
  await once(run.child, 'close');
}

async function acknowledgedIn(out: string): Promise<number> {
  const files = await readdir(out, { recursive: true }).catch(() => []);
  const journal = files.find((path) => path.endsWith('journal.jsonl'));
  return journal ? (await readFile(join(out, journal), 'utf8')).split('\n').length - 1 : 0;
}

import { mkdir, readdir } from 'node:fs/promises';
import { win32 } from 'node:path';
import { expect, test } from 'vitest';
import { item, linesOf } from '../cli/run-cli.ts';
import { runPython } from '../python/venv.ts';
import { type WindowsBench, windowsBench } from './windows-bench.ts';

const LOOPS = 12;
/** Each time. */
const HELD_MS = 400;

/** A run while another program holds all of its files open again and again. */
async function runHeld(bench: WindowsBench) {
  const out = win32.join(bench.folder, 'data');
  await mkdir(bench.onLinux(out));
  const holder = await bench.compiled('holder.c', out, String(HELD_MS));
  const sequence = { time_plan: { interval: 0.3, loops: LOOPS }, channels: [{ config: 'FITC' }] };
  const items = await bench.file('items.json', [item('mda', [], { sequence })]);
  const session = win32.join(bench.folder, 'session.yaml');
  const finished = await bench.redsun('run', items, '--session', session, '--out', out, '--on-full', 'wait', '--json');
  const { stdout } = await holder.heard();
  return { ...finished, held: Number(/held (\d+)\s*$/.exec(stdout)?.[1] ?? 0) };
}

test('a run whose files another program holds open every now and then is written whole', async () => {
  const bench = await windowsBench();
  const { code, stdout, stderr, held } = await runHeld(bench);
  expect(code, stderr).toBe(0);
  expect(held).toBeGreaterThan(20);
  const left = await readdir(bench.onLinux(win32.join(bench.folder, 'data')), { recursive: true });
  expect(left.filter((name) => /\.tmp$|\.lock$/.test(name))).toEqual([]);
  const [result] = linesOf(stdout);
  const store = bench.onLinux(win32.join(String(result?.run_folder), 'data.ome.zarr'));
  const jobs = [{ store, order: 't', sizes: { t: LOOPS }, pixels: 'ramp' }];
  const [verdict] = JSON.parse(await runPython('verify_store.py', ['-'], JSON.stringify(jobs)));
  expect(verdict.failures).toEqual([]);
  expect(verdict.images).toMatchObject([{ frames_checked: LOOPS }]);
});

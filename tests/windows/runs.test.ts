import { win32 } from 'node:path';
import { expect, test } from 'vitest';
import { item, linesOf } from '../cli/run-cli.ts';
import { runPython } from '../python/venv.ts';
import { SESSION, windowsBench } from './windows-bench.ts';

const SIZES = { t: 2, c: 2, z: 3 };
const SEQUENCE = {
  axis_order: 'tcz',
  time_plan: { interval: 0, loops: SIZES.t },
  channels: [{ config: 'FITC' }, { config: 'Cy5' }],
  z_plan: { range: 2, step: 1 },
};

test('doctor finds nothing wrong', async () => {
  const { file, redsun } = await windowsBench();
  const { code, stdout, stderr } = await redsun('doctor', await file('my session.yaml', SESSION), '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const findings: { check: string; ok: boolean; detail: string }[] = JSON.parse(stdout);
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  const details = new Map(findings.map(({ check, detail }) => [check, detail]));
  expect(details.get('session')).toMatch(/^C:\\bench ü .*\\my session\.yaml: 3 devices/);
});

test.each([
  ['none', 1],
  ['gzip', 2],
  ['blosc-zstd', 3],
  ['blosc-lz4', 1],
])('every pixel of a run with codec %s and %d levels is read back by zarr-python', async (compression, levels) => {
  const bench = await windowsBench(`${SESSION}storage: {compression: ${compression}, levels: ${levels}}\n`);
  const items = await bench.file('items.json', [item('mda', [], { sequence: SEQUENCE })]);
  const out = win32.join(bench.folder, 'data');
  const session = win32.join(bench.folder, 'session.yaml');
  const { code, stdout, stderr } = await bench.redsun('run', items, '--session', session, '--out', out, '--json');
  expect(code, stderr).toBe(0);
  const [result] = linesOf(stdout);
  expect(result).toMatchObject({ exit_status: 'success', error: null });
  const store = bench.onLinux(win32.join(String(result?.run_folder), 'data.ome.zarr'));
  const jobs = [{ store, order: 'tcz', sizes: SIZES, pixels: 'ramp' }];
  const [verdict] = JSON.parse(await runPython('verify_store.py', ['-'], JSON.stringify(jobs)));
  expect(verdict.failures).toEqual([]);
  expect(verdict.images).toMatchObject([{ shape: [2, 2, 3, 128, 128], frames_checked: 12 }]);
  expect(verdict.images[0].levels).toHaveLength(levels);
});

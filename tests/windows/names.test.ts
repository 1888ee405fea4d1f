import { readFile } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { item, linesOf } from '../cli/run-cli.ts';
import { runPython } from '../python/venv.ts';
import { SESSION, windowsBench } from './windows-bench.ts';

/** Devices, what Windows drops or forbids, names that it takes for one another, and one that is too long. */
const NAMES = [
  'CON',
  'aux.txt',
  'nul',
  'end.',
  ' blank ',
  '<>:"|?*/\\',
  '..',
  'a1',
  'A1',
  'ü',
  'u\u0308',
  '🔬',
  'x'.repeat(300),
];

test('positions may have any name: each has its picture, under its name, and none is in the place of another', async () => {
  const bench = await windowsBench();
  const stage_positions = NAMES.map((name, x) => ({ x, y: 0, name }));
  const items = await bench.file('items.json', [item('mda', [], { sequence: { stage_positions } })]);
  const session = win32.join(bench.folder, 'session.yaml');
  const out = win32.join(bench.folder, 'data');
  const { code, stdout, stderr } = await bench.redsun('run', items, '--session', session, '--out', out, '--json');
  expect(code, stderr).toBe(0);
  const store = bench.onLinux(win32.join(String(linesOf(stdout)[0]?.run_folder), 'data.ome.zarr'));
  const jobs = [{ store, order: 'p', sizes: { p: NAMES.length }, pixels: 'ramp' }];
  const [verdict] = JSON.parse(await runPython('verify_store.py', ['-'], JSON.stringify(jobs)));
  expect(verdict.failures).toEqual([]);
  expect(verdict.images).toHaveLength(NAMES.length);
  const names = await Promise.all(
    NAMES.map(async (_, at) => {
      const group = JSON.parse(await readFile(join(store, `camera_p${at}`, 'zarr.json'), 'utf8'));
      return group.attributes.ome.multiscales[0].name;
    }),
  );
  expect(names).toEqual(NAMES.map((name) => `camera ${name}`));
});

test('a folder is written with its drive and found in any of its spellings; a name that Windows has no file for is refused', async () => {
  const bench = await windowsBench();
  const base = win32.join(bench.folder, 'Daten ü');
  const session = await bench.file('based.yaml', `${SESSION}storage: {base_path: '${base}'}\n`);
  const items = await bench.file('items.json', [item('count', [['camera']], { num: 2 })]);
  const run = await bench.redsun('run', items, '--session', session, '--json');
  expect(run.code, run.stderr).toBe(0);
  const folder = String(linesOf(run.stdout)[0]?.run_folder);
  expect(folder.startsWith(`${base}\\`)).toBe(true);
  const spelled = `${folder.toUpperCase().replaceAll('\\', '/')}/data.ome.zarr`;
  const inspected = await bench.redsun('inspect', spelled, '--json', '--stats');
  expect(inspected.code, inspected.stderr).toBe(0);
  expect(JSON.parse(inspected.stdout)).toMatchObject({ durable_frames: 2, problems: [] });
  const failing = async (out: string) => {
    const { stdout } = await bench.redsun('doctor', session, '--out', out, '--json');
    const findings: { ok: boolean; detail: string }[] = JSON.parse(stdout);
    return findings.filter(({ ok }) => !ok).map(({ detail }) => detail);
  };
  expect(await failing(win32.join(base, 'aux.runs'))).toEqual([
    `${win32.join(base, 'aux.runs')} cannot be made: "aux.runs" is the name of a device on Windows`,
  ]);
  expect(await failing(`\\\\?\\${base}`)).toEqual([]);
});

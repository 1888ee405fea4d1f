import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bench, item, linesOf } from './run-cli.ts';

const FOV = { fov_width: 20, fov_height: 20 };
const SEQUENCES = [
  { grid_plan: { rows: 2, columns: 2, overlap: 10, ...FOV }, channels: ['FITC', 'Cy5'], z_plan: { range: 1, step: 1 } },
  {
    stage_positions: {
      plate: { rows: 2, columns: 3, well_spacing: 0.1, well_size: 0.05 },
      a1_center_xy: [0, 0],
      well_points_plan: { num_points: 2, max_width: 30, max_height: 30 },
    },
  },
  {
    stage_positions: [
      { x: 0, y: 0, name: 'A1' },
      { x: 9, y: 9, sequence: { grid_plan: { rows: 1, columns: 3, ...FOV }, z_plan: { relative: [0, 1] } } },
    ],
    time_plan: [
      { interval: 0, loops: 2 },
      { interval: 0.01, loops: 2 },
    ],
  },
];
/** Frames of each image. */
const WRITTEN = [[4, 4, 4, 4], Array.from({ length: 12 }, () => 1), [3, 6, 6, 6]];

test('a grid, a plate and a sub-sequence run to stores without a fault', async () => {
  const { file, session, out, redsun, runs } = await bench();
  const items = await file(
    'items.json',
    SEQUENCES.map((sequence) => item('mda', [], { sequence })),
  );
  const { code, stdout, stderr } = await redsun('run', items, '--session', session, '--out', out, '--json');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(linesOf(stdout)).toMatchObject(SEQUENCES.map(() => ({ exit_status: 'success', error: null })));
  for (const [at, run] of (await runs()).entries()) {
    const store = (await readdir(join(out, run))).find((name) => name.endsWith('.zarr')) ?? '';
    const inspected = await redsun('inspect', join(out, run, store), '--stats', '--json');
    const { arrays, problems } = JSON.parse(inspected.stdout);
    expect([inspected.code, problems]).toEqual([0, []]);
    expect(arrays.map(({ written_frames }: { written_frames: number }) => written_frames)).toEqual(WRITTEN[at]);
  }
});

test.each([[[]], [['--dry-run']]])(
  'an interval that cannot be kept is said before the run and after it %j',
  async (options) => {
    const { file, session, out, redsun } = await bench();
    const sequence = { channels: [{ config: 'FITC', exposure: 60 }], time_plan: { interval: 0.02, loops: 4 } };
    const items = await file('items.json', item('mda', [], { sequence }));
    const { code, stdout, stderr } = await redsun(
      'run',
      items,
      '--session',
      session,
      '--out',
      out,
      '--json',
      ...options,
    );
    expect(code, stderr).toBe(0);
    const said = stderr.split('\n').filter((line) => line.startsWith('Note: item 0'));
    expect(said).toEqual([
      'Note: item 0: One time point takes 0.1 s, more than the interval of 0.02 s',
      expect.stringMatching(
        /^Note: item 0: 3 of 4 time points were late, by up to [\d.]+ s \(every [\d.]+ s instead of 0\.02 s\)$/,
      ),
    ]);
    expect(linesOf(stdout)).toMatchObject([
      { schedule: { time_points: 4, late: 3, left_out: 0, asked_interval_s: 0.02 } },
    ]);
  },
);

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import type { MdaSequence } from '../../src/sdk/plans/index.ts';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

/** With an objective, so that the field of view is known: 128 px of 26 um / 20. */
const SESSION = QUICK_SESSION.replace(
  '  camera: {',
  '  turret: {plugin_name: sim-microscope, plugin_id: turret}\n  camera: {turret: turret, ',
);

type Line = { readonly array: string; readonly index: unknown; readonly asked: Record<string, number> };

async function acquire(sequence: MdaSequence) {
  const host = await testHost(SESSION);
  const outcome = await host.runs.runToEnd(item('mda', { sequence }));
  if (outcome.exitStatus !== 'success' || !outcome.folder) throw new Error(JSON.stringify(outcome));
  const documents = (await readFile(join(outcome.folder, 'documents.jsonl'), 'utf8')).trim().split('\n');
  const [start] = documents.map((line) => JSON.parse(line).doc);
  const resource = documents.map((line) => JSON.parse(line)).find(({ name }) => name === 'stream_resource');
  const store = new URL(resource.doc.uri).pathname;
  const journal = (await readFile(join(dirname(store), 'journal.jsonl'), 'utf8')).trim().split('\n');
  const lines: Line[] = journal.map((line) => JSON.parse(line));
  const report = await inspectStore(store, { stats: true });
  const names: (string | undefined)[] = [];
  for (const { path } of report.multiscales) {
    const group = JSON.parse(await readFile(join(store, String(path), 'zarr.json'), 'utf8'));
    names.push(group.attributes.redsun.position?.name);
  }
  return { start, lines, report, names, frames: outcome.frames };
}

test('a grid around where the stage stands has an image per tile, one field of view apart', async () => {
  const { start, lines, report, names, frames } = await acquire({
    grid_plan: { rows: 2, columns: 2, mode: 'row_wise', overlap: 10 },
    channels: ['FITC', { config: 'Cy5', exposure: 1 }],
  });
  expect(report.problems).toEqual([]);
  expect([frames, report.arrays.map(({ written_frames }) => written_frames)]).toEqual([8, [2, 2, 2, 2]]);
  expect(names).toEqual(['Pos0_g0', 'Pos0_g1', 'Pos0_g2', 'Pos0_g3']);
  const { fov_width: width, fov_height: height } = start.mda_sequence.grid_plan;
  expect([width, height]).toEqual([expect.any(Number), width]);
  const [x, y] = start.mda_origin_um;
  const step = 0.9 * width;
  const places = lines.filter((_, at) => at % 2 === 0).map(({ asked }) => [asked['xy-x'], asked['xy-y']]);
  const corners = [
    [x - step / 2, y + step / 2],
    [x + step / 2, y + step / 2],
    [x - step / 2, y - step / 2],
    [x + step / 2, y - step / 2],
  ];
  for (const [at, [cornerX, cornerY]] of corners.entries()) {
    expect(places[at]?.[0]).toBeCloseTo(cornerX as number, 9);
    expect(places[at]?.[1]).toBeCloseTo(cornerY as number, 9);
  }
});

test('wells of a plate are named in the store, and their height stays where the focus is', async () => {
  const { lines, report, names } = await acquire({
    stage_positions: {
      plate: { rows: 8, columns: 12, well_spacing: 0.2, well_size: 0.1 },
      a1_center_xy: [-500, 300],
      selected_wells: [[0, 1], [1]],
      well_points_plan: { rows: 1, columns: 2, fov_width: 10, fov_height: 10 },
    },
    z_plan: { range: 2, step: 1 },
  });
  expect(report.problems).toEqual([]);
  expect(report.arrays.map(({ written_frames }) => written_frames)).toEqual([3, 3, 3, 3]);
  expect(names).toEqual(['A2_0000', 'A2_0001', 'B2_0000', 'B2_0001']);
  const heights = lines.slice(0, 3).map(({ asked }) => asked.z);
  expect(heights).toEqual([-1, 0, 1].map((um) => um + (heights[1] ?? 0)));
});

test('a sub-sequence makes its part of the store longer, and no two frames share a place', async () => {
  const { start, lines, report, names } = await acquire({
    channels: [{ config: 'FITC' }],
    stage_positions: [
      { x: 10, y: 0, name: 'plain' },
      {
        x: 20,
        y: 5,
        sequence: { grid_plan: { rows: 1, columns: 2 }, z_plan: { range: 2, step: 1 }, channels: ['Cy5'] },
      },
      { x: 30, y: 0, sequence: { time_plan: { interval: 0, loops: 2 } } },
    ],
    time_plan: { interval: 0, loops: 2 },
  });
  expect(report.problems).toEqual([]);
  expect(names).toEqual(['plain', 'Pos1_g0', 'Pos1_g1', 'Pos2']);
  expect(report.arrays.map(({ shape }) => shape.slice(0, 3))).toEqual([2, 2, 2, 4].map((times) => [times, 2, 3]));
  expect(report.arrays.map(({ written_frames }) => written_frames)).toEqual([2, 6, 6, 4]);
  expect(new Set(lines.map(({ index }) => JSON.stringify(index))).size).toBe(start.num_points);
});

test('points that were drawn are in the start document, and make the same places again', async () => {
  const plan = { num_points: 4, max_width: 300, max_height: 200, allow_overlap: false, fov_width: 20, fov_height: 20 };
  const first = await acquire({ stage_positions: [{ x: 0, y: 0 }], grid_plan: { ...plan, order: 'random' } });
  const { points } = first.start.mda_sequence.grid_plan;
  const places = ({ lines }: Awaited<ReturnType<typeof acquire>>) =>
    lines.map(({ asked }) => [asked['xy-x'], asked['xy-y']]);
  expect(places(first)).toEqual(points);
  expect(places(await acquire(first.start.mda_sequence))).toEqual(points);
});

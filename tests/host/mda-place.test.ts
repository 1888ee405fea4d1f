import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { readJournal } from '../../src/main/storage/run/journal.ts';
import type { Camera } from '../../src/sdk/device/index.ts';
import type { MdaSequence } from '../../src/sdk/plans/index.ts';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

/** 1024 px of 6.5 um, seen through 10x: 0.65 um each. */
const SESSION = QUICK_SESSION.replace(
  '  camera: {',
  '  turret: {plugin_name: sim-microscope, plugin_id: turret}\n  camera: {turret: turret, ',
).replace('size_px: 512, binning: 4', 'size_px: 1024');

interface Image {
  /** t, c, z, y, x */
  readonly scale: readonly number[];
  readonly translation: readonly number[] | undefined;
  readonly units: readonly (string | undefined)[];
  readonly position: Record<string, unknown> | null;
}

async function imageAt(store: string, path: string): Promise<Image> {
  const { attributes } = JSON.parse(await readFile(join(store, path, 'zarr.json'), 'utf8'));
  const [{ axes, datasets }] = attributes.ome.multiscales;
  const [scale, translation] = datasets[0].coordinateTransformations;
  return {
    scale: scale.scale,
    translation: translation?.translation,
    units: axes.map(({ unit }: { unit?: string }) => unit),
    position: attributes.redsun.position,
  };
}

async function acquire(host: Host, sequence: MdaSequence) {
  const outcome = await host.runs.runToEnd(item('mda', { sequence }));
  if (outcome.exitStatus !== 'success' || !outcome.folder) throw new Error(JSON.stringify(outcome));
  const store = join(outcome.folder, 'data.ome.zarr');
  const lines = (await readJournal(join(outcome.folder, 'journal.jsonl')))?.lines ?? [];
  return { lines, image: (path = '') => imageAt(store, path) };
}

/** What NGFF says of the height of each plane, beside where the axis was asked to be. */
async function heights({ lines, image }: Awaited<ReturnType<typeof acquire>>, path: string, c = 0) {
  const { scale, translation } = await image(path);
  const own = lines.filter(({ array, index }) => array === (path ? `${path}/0` : '0') && index.c === c);
  return own.map(({ index, asked }) => [(scale[2] ?? 0) * index.z + (translation?.[2] ?? 0), asked.z]);
}

test('a part of the sensor lies where it is in the picture of the whole, at any binning', async () => {
  const host = await testHost(SESSION);
  const camera = host.services.roster.devices.get('camera') as unknown as Camera;
  const sequence = { channels: ['FITC'], stage_positions: [[0, 0, 0]] } as unknown as MdaSequence;
  const whole = await (await acquire(host, sequence)).image();
  expect(whole.translation).toEqual([0, 0, 0, -332.475, -332.475]);

  await camera.applySettings({ region: { x: 100, y: 200, width: 512, height: 256 } });
  const part = (await (await acquire(host, sequence)).image()).translation ?? [];
  expect(part[4]).toBeCloseTo(-332.475 + 100 * 0.65, 9);
  expect(part[3]).toBeCloseTo(-332.475 + 200 * 0.65, 9);

  await camera.applySettings({ binning: 2 });
  const binned = await (await acquire(host, sequence)).image();
  expect(binned.scale.slice(3)).toEqual([1.3, 1.3]);
  // Its first pixel is the middle of 2 x 2 of those.
  expect(binned.translation?.[4]).toBeCloseTo((part[4] ?? 0) + 0.325, 9);
  expect(binned.translation?.[3]).toBeCloseTo((part[3] ?? 0) + 0.325, 9);
});

test('of a stage that counts against the picture, the position counts with its sign turned, and the part of the sensor does not', async () => {
  const host = await testHost(`${SESSION}\nstage_direction: {x: -1, y: 1}\n`);
  const camera = host.services.roster.devices.get('camera') as unknown as Camera;
  await camera.applySettings({ region: { x: 100, y: 200, width: 512, height: 256 } });
  const sequence = { stage_positions: [{ x: 40, y: 30 }] };
  const { translation } = await (await acquire(host, sequence)).image();
  expect(translation?.[4]).toBeCloseTo(-40 - 332.475 + 65, 9);
  expect(translation?.[3]).toBeCloseTo(30 - 332.475 + 130, 9);
});

test('of a camera that is turned by a quarter, tiles fit together along the stage, and the picture is where it is on its own axes', async () => {
  const host = await testHost(`${SESSION}\nstage_direction: {x: 1, y: -1, swapped: true}\n`);
  const camera = host.services.roster.devices.get('camera') as unknown as Camera;
  await camera.applySettings({ region: { x: 0, y: 0, width: 1024, height: 256 } });
  const { lines, image } = await acquire(host, { grid_plan: { rows: 2, columns: 2, mode: 'row_wise', overlap: 10 } });
  const places = lines.map(({ asked }) => [asked['xy-x'], asked['xy-y']] as [number, number]);
  // Rows of 1024 px lie along y of the stage.
  expect((places[1]?.[0] ?? 0) - (places[0]?.[0] ?? 0)).toBeCloseTo(0.9 * 256 * 0.65, 6);
  expect((places[0]?.[1] ?? 0) - (places[2]?.[1] ?? 0)).toBeCloseTo(0.9 * 1024 * 0.65, 6);
  const { translation } = await image('camera_p1');
  const [x, y] = places[1] ?? [0, 0];
  expect(translation?.[4]).toBeCloseTo(-y - 332.475, 6);
  expect(translation?.[3]).toBeCloseTo(x - 332.475, 6);
});

test('a run without positions was where the stage stood', async () => {
  const host = await testHost(SESSION);
  await host.runs.runToEnd(item('mv', {}, ['xy.x', 200, 'z', 12]));
  const { image } = await acquire(host, { channels: ['FITC'] });
  const { translation, position } = await image();
  expect(translation?.[4]).toBeCloseTo(200 - 332.475, 9);
  expect([translation?.[2], position]).toEqual([12, { name: '', xUm: 200, yUm: 0, zUm: 12 }]);
});

test('the height of an image is that of its first plane, not of the position', async () => {
  const host = await testHost(SESSION);
  const run = await acquire(host, {
    axis_order: 'tpzc',
    channels: ['FITC', { config: 'Cy5', z_offset: 5 }],
    stage_positions: [
      { x: 0, y: 0, z: 10 },
      { x: 20, y: 0, z: 30 },
    ],
    z_plan: { range: 4, step: 2 },
  });
  const [first, second] = [await run.image('camera_p0'), await run.image('camera_p1')];
  expect([first.translation?.[2], second.translation?.[2], first.scale[2]]).toEqual([8, 28, 2]);
  for (const [said, asked] of await heights(run, 'camera_p1')) expect(said).toBe(asked);
});

test.each([
  ['above and below', { above: 3, below: 3, step: 1, go_up: false }, 8, -1],
  ['top and bottom', { top: 8, bottom: 2, step: 2, go_up: false }, 8, -2],
  ['listed', { relative: [1, 0, -1] }, 6, -1],
  ['listed, the other way', { absolute: [1, 3, 5], go_up: false }, 5, -2],
])('planes that go down have a negative distance: %s', async (_how, plan, firstUm, stepUm) => {
  const host = await testHost(SESSION);
  const run = await acquire(host, { stage_positions: [{ x: 0, y: 0, z: 5 }], z_plan: plan });
  const { scale, translation } = await run.image();
  expect([translation?.[2], scale[2]]).toEqual([firstUm, stepUm]);
  for (const [said, asked] of await heights(run, '')) expect(said).toBeCloseTo(Number(asked), 9);
});

test('each position has the distance of its own planes and the interval of its own times', async () => {
  const host = await testHost(SESSION);
  const run = await acquire(host, {
    stage_positions: [
      { x: 0, y: 0, z: 0, name: 'A', sequence: { z_plan: { range: 2, step: 1 } } },
      { x: 0, y: 0, z: 0, name: 'B', sequence: { z_plan: { range: 20, step: 10, go_up: false } } },
      { x: 0, y: 0, z: 0, name: 'C', sequence: { time_plan: { interval: 0.3, loops: 2 } } },
    ],
  });
  const [a, b, c] = [await run.image('camera_p0'), await run.image('camera_p1'), await run.image('camera_p2')];
  expect([a.scale[2], b.scale[2], b.translation?.[2]]).toEqual([1, -10, 10]);
  expect([c.scale[0], c.units[0], a.units[0]]).toEqual([expect.closeTo(0.3, 1), 'second', undefined]);
});

test('planes at uneven heights have no distance: no unit makes one up', async () => {
  const host = await testHost(SESSION);
  const run = await acquire(host, { z_plan: { absolute: [1, 2, 7] } });
  const { scale, units, translation } = await run.image();
  expect([scale[2], units[2], translation?.[2]]).toEqual([1, undefined, 1]);
});

test('a picture of many places is at none of them', async () => {
  const host = await testHost(SESSION);
  const outcome = await host.runs.runToEnd(item('scan', {}, [['camera'], 'xy.x', 0, 100, 3]));
  const { translation } = await imageAt(join(outcome.folder, 'data.ome.zarr'), '');
  expect([outcome.exitStatus, translation]).toEqual(['success', undefined]);
});

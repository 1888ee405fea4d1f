import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { exportStore } from '../../src/main/storage/export/export-store.ts';
import { readJournal } from '../../src/main/storage/run/journal.ts';
import { runPython } from '../python/venv.ts';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

interface Verdict {
  readonly images: readonly { readonly z: unknown; readonly t: unknown; readonly stage: unknown }[];
  readonly plane_facts: readonly (readonly (readonly number[])[])[];
}

const SESSION = QUICK_SESSION.replace(
  '  camera: {',
  '  turret: {plugin_name: sim-microscope, plugin_id: turret}\n  camera: {turret: turret, ',
);

async function readTiff(store: string, copy: string, arrays: readonly string[]): Promise<Verdict> {
  await exportStore(store, { format: 'ome-tiff', out: copy, creator: 'Redsun test' });
  const job = { kind: 'ome-tiff', store, copy, arrays };
  return JSON.parse(await runPython('verify_exports.py', [], JSON.stringify([job])))[0];
}

test('an OME-TIFF says of each plane when and where it was taken, and how long it was exposed, as the journal does', async () => {
  const host = await testHost(SESSION);
  const sequence = {
    axis_order: 'tpcz',
    channels: [
      { config: 'FITC', exposure: 4 },
      { config: 'Cy5', exposure: 9, z_offset: 3 },
    ],
    stage_positions: [
      { x: 10, y: 20, z: 5, name: 'a' },
      { x: -30, y: 0, z: 8, name: 'b' },
    ],
    z_plan: { range: 4, step: 2, go_up: false },
    // Far too short: what is told is what happened.
    time_plan: { interval: 0.01, loops: 2 },
  };
  const { folder } = await host.runs.runToEnd(item('mda', { sequence }));
  const store = join(folder, 'data.ome.zarr');
  const lines = (await readJournal(join(folder, 'journal.jsonl')))?.lines ?? [];
  const { images, plane_facts: facts } = await readTiff(store, join(folder, 'copy.ome.tif'), [
    'camera_p0/0',
    'camera_p1/0',
  ]);

  const first = Math.min(...lines.map(({ time }) => time));
  for (const [at, array] of ['camera_p0/0', 'camera_p1/0'].entries()) {
    const own = lines.filter((line) => line.array === array);
    expect(facts[at]).toEqual(
      own.map(({ index: { t, c, z }, time, read }) => [
        ...[t, c, z, expect.closeTo(time - first, 6), c === 0 ? 4 : 9],
        ...[read['xy-x'], read['xy-y'], read.z],
      ]),
    );
    const times = own.filter(({ index }) => index.c === 0 && index.z === 0).map(({ time }) => time);
    const happenedS = (times[1] ?? 0) - (times[0] ?? 0);
    expect(images[at]).toMatchObject({ z: [2, 'µm'], t: [expect.closeTo(happenedS, 6), 's'] });
  }
  expect(facts[0]?.[0]?.slice(5).map((um) => Math.round(um))).toEqual([10, 20, 7]);
});

test('a store that only lies beside a run has nothing of its journal', async () => {
  const host = await testHost(SESSION);
  const { folder } = await host.runs.runToEnd(item('count', { num: 2 }, [['camera']]));
  const other = join(dirname(folder), 'other', 'copy.ome.zarr');
  await mkdir(dirname(other));
  await symlink(join(folder, 'data.ome.zarr'), other);
  await symlink(join(folder, 'journal.jsonl'), join(dirname(other), 'journal.jsonl'));
  const { plane_facts: facts } = await readTiff(other, join(folder, 'copy.ome.tif'), ['0']);
  expect(facts).toEqual([[]]);
});

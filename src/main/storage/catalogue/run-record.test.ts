import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { syncWhenTold } from '../../../../tests/stores/held-sync.ts';
import { startRamp, systemClock, type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { DocumentsFile } from '../run/documents-file.ts';
import { createRunFolder } from '../run/run-folder.ts';
import { RunCatalogue } from './run-catalogue.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

async function listRuns(baseDir: string, session: string) {
  const catalogue = new RunCatalogue({ baseDir, session, clock: systemClock });
  const { runs } = await catalogue.search();
  await catalogue.close();
  return runs;
}

const noon = new Date(2027, 2, 4, 12).getTime() / 1000;

async function makeRun(plan: string, startTime: number) {
  const run = await createRunFolder({ baseDir: folder.path, session: 's', plan, startTime, clock: systemClock });
  const documents = await DocumentsFile.open(run.documentsPath);
  documents.write('start', {
    uid: `uid-${plan}`,
    time: startTime,
    plan_name: plan,
    num_points: 3,
    sample: { name: 'leaf' },
  });
  return { run, documents };
}

test('lists runs of all days, newest first, with how they ended', async () => {
  const first = await makeRun('count', noon - 86_400);
  first.documents.write('stop', {
    uid: 'x',
    time: noon - 86_000,
    run_start: 'uid-count',
    exit_status: 'abort',
    reason: 'enough',
    num_events: {},
  });
  await first.documents.close();
  const second = await makeRun('mda', noon);
  await second.documents.close();
  const store = await startRamp(second.run.path, [{ name: 'camera', dtype: 'uint8', shape: [8, 8], capacity: 4 }]);
  await store.writeRamp(0, 4);
  await store.close();
  await mkdir(join(folder.path, 's/.redsun'));
  await mkdir(join(folder.path, 's/2027-03-04/notes'));

  const runs = await listRuns(folder.path, 's');
  expect(runs.map(({ id }) => id)).toEqual(['2027-03-04/mda_0001', '2027-03-03/count_0001']);
  expect(runs[0]).toMatchObject({
    plan: 'mda',
    counter: 1,
    uid: 'uid-mda',
    startTime: noon,
    stopTime: null,
    exitStatus: null,
    frames: 4,
    durable: 4,
    sample: 'leaf',
    numPoints: 3,
    storePath: join(second.run.path, 'data.ome.zarr'),
  });
  expect(runs[0]?.bytes).toBeGreaterThan(4 * 64);
  expect(runs[1]).toMatchObject({
    exitStatus: 'abort',
    reason: 'enough',
    stopTime: noon - 86_000,
    storePath: null,
    frames: 0,
    durable: null,
  });
});

test('lists a run whose documents a crash cut off', async () => {
  const { run, documents } = await makeRun('count', noon);
  await documents.close();
  await appendFile(run.documentsPath, '{"name":"stop","doc":{"exit_st');
  expect(await listRuns(folder.path, 's')).toMatchObject([{ plan: 'count', exitStatus: null, uid: 'uid-count' }]);
});

test('lists a run without documents, and with documents that are none', async () => {
  const options = { baseDir: folder.path, session: 's', plan: 'count', startTime: noon, clock: systemClock };
  await createRunFolder(options);
  const broken = await createRunFolder(options);
  await writeFile(broken.documentsPath, '\u0000\u0001\n[1]\n');
  expect(await listRuns(folder.path, 's')).toMatchObject([{ uid: null }, { uid: null }]);
});

test('a session without runs has none', async () => {
  expect(await listRuns(folder.path, 'never used')).toEqual([]);
});

test('a run that was cut short tells how many of its frames are known to be on the disk', async () => {
  const { run, documents } = await makeRun('mda', noon);
  await documents.close();
  const { clock, sync } = syncWhenTold();
  const store = await startRamp(run.path, [{ name: 'camera', dtype: 'uint8', shape: [8, 8] }], { clock });
  await store.writeRamp(0, 4);
  sync();
  await expect.poll(() => listRuns(folder.path, 's')).toMatchObject([{ frames: 4, durable: 4 }]);
  await store.writeRamp(4, 7);
  expect(await listRuns(folder.path, 's')).toMatchObject([{ frames: 7, durable: 4 }]);
  await store.close();
  await rm(run.countsPath);
  expect(await listRuns(folder.path, 's')).toMatchObject([{ frames: 7, durable: null }]);
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bindResumedMda } from '../../src/main/host/resume-mda.ts';
import { startHost } from '../../src/main/host/start-host.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { readJournal } from '../../src/main/storage/run/journal.ts';
import { existingRunFolder } from '../../src/main/storage/run/run-folder.ts';
import type { MdaSequence } from '../../src/sdk/plans/index.ts';
import { QUICK_SESSION, temporaryFolder } from '../host/test-host.ts';
import { hostOptionsFor } from './host-options.ts';
import { killAfter, uninterrupted } from './interrupted-run.ts';
import { documentsOf } from './read-documents.ts';

const SEQUENCE: MdaSequence = {
  stage_positions: [
    { x: 0, y: 0 },
    { x: 30, y: 10 },
  ],
  channels: ['FITC', { config: 'Cy5', exposure: 1 }],
  z_plan: { range: 2, step: 1 },
  time_plan: { interval: 0, loops: 8 },
};
/** Whole runs and starts of a program: on a busy machine they take several times as long. */
vi.setConfig({ testTimeout: 120_000 });

const FRAMES = 96;
const TWO_TIMES = { interval: 0, loops: 2 };

test('a run that was killed goes on in its store, which in the end equals that of a run that was not', async () => {
  const folder = await temporaryFolder();
  const { runFolder, acknowledged } = await killAfter(join(folder, 'killed'), SEQUENCE, { frames: 31, delayMs: 3 });
  const recovered = await recoverRun(runFolder, { writes: true, clock: systemClock });
  expect(recovered).toMatchObject({ state: 'repaired', lost: 0, problems: [] });
  expect(recovered.found).toBeGreaterThanOrEqual(acknowledged);

  const host = await startHost(hostOptionsFor(join(runFolder, 'session.yaml'), join(folder, 'killed')));
  onTestFinished(() => host.close());
  const outcome = await (await host.runs.resumeRun(runFolder)).outcome;
  expect(outcome).toMatchObject({ exitStatus: 'success', frames: FRAMES - recovered.found, folder: runFolder });

  const [resumed, whole] = await Promise.all(
    [runFolder, await uninterrupted(join(folder, 'whole'), SEQUENCE)].map((run) =>
      inspectStore(join(run, 'data.ome.zarr'), { stats: true }),
    ),
  );
  expect(resumed?.problems).toEqual([]);
  expect(resumed?.arrays).toEqual(whole?.arrays);
  const documents = await documentsOf(runFolder);
  const starts = documents.filter(({ name }) => name === 'start').map(({ doc }) => doc);
  const stops = documents.filter(({ name }) => name === 'stop').map(({ doc }) => doc);
  expect(starts).toMatchObject([
    { num_points: FRAMES },
    { num_points: FRAMES - recovered.found, resumes: starts[0]?.uid, mda_origin_um: starts[0]?.mda_origin_um },
  ]);
  expect(stops).toMatchObject([{ exit_status: 'fail' }, { exit_status: 'success' }]);
  const journal = (await readFile(join(runFolder, 'journal.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(journal.map((line) => JSON.parse(line).frame)).toEqual(Array.from({ length: FRAMES }, (_, frame) => frame));
  await expect(host.runs.resumeRun(runFolder)).rejects.toThrow('no frame is missing');
});

test('what no run folder tells, no run can be resumed from', async () => {
  const folder = await temporaryFolder();
  const base = join(folder, 'counted');
  const run = await uninterrupted(base, { time_plan: { interval: 0, loops: 2 } });
  const path = join(run, 'documents.jsonl');
  const documents = await documentsOf(run);
  const host = await startHost(hostOptionsFor(join(base, 'session.yaml'), base));
  onTestFinished(() => host.close());
  await writeFile(path, '');
  await expect(host.runs.resumeRun(run)).rejects.toThrow('there is no start document');
  const counted = { ...documents[0], doc: { ...documents[0]?.doc, plan_name: 'count' } };
  await writeFile(path, `${JSON.stringify(counted)}\n`);
  await expect(host.runs.resumeRun(run)).rejects.toThrow('only mda can be resumed, and this run is count');
});

test('a run goes on with the compression and the levels it began with, whatever the session says now', async () => {
  const folder = await temporaryFolder();
  const base = join(folder, 'killed');
  const sequence: MdaSequence = { time_plan: { interval: 0, loops: 40 }, z_plan: { range: 2, step: 1 } };
  const begun = `${QUICK_SESSION}storage: {compression: gzip, levels: 3}\n`;
  const { runFolder } = await killAfter(base, sequence, { frames: 9, delayMs: 2 }, { session: begun });
  await recoverRun(runFolder, { writes: true, clock: systemClock });
  const changed = join(base, 'changed.yaml');
  await writeFile(changed, `${QUICK_SESSION}storage: {compression: blosc-lz4}\n`);
  const host = await startHost(hostOptionsFor(changed, base));
  onTestFinished(() => host.close());
  const outcome = await (await host.runs.resumeRun(runFolder)).outcome;
  expect(outcome).toMatchObject({ exitStatus: 'success' });
  const said = host.services.log.records.map(({ message }) => message);
  expect(said).toContainEqual(
    expect.stringMatching(/compression gzip and levels 3; the session says compression blosc-lz4 and levels 1/),
  );
  const [resumed, whole] = await Promise.all(
    [runFolder, await uninterrupted(join(folder, 'whole'), sequence, begun)].map((run) =>
      inspectStore(join(run, 'data.ome.zarr'), { stats: true }),
    ),
  );
  expect(resumed).toMatchObject({ problems: [] });
  expect(resumed?.arrays).toEqual(whole?.arrays);
});

test('of frames in colour, the first that is missing is found: the journal counts their planes', async () => {
  const base = join(await temporaryFolder(), 'colour');
  const run = await uninterrupted(base, { channels: ['FITC', { config: 'Cy5', exposure: 1 }], time_plan: TWO_TIMES });
  const path = join(run, 'journal.jsonl');
  const lines = (await readJournal(path))?.lines ?? [];
  const coloured = lines.slice(0, -1).map((line) => {
    const planes = { c: 3, z: 1, crc32c: [line.crc32c, line.crc32c, line.crc32c] };
    return `${JSON.stringify({ ...line, index: { ...line.index, c: 3 * line.index.c }, planes })}\n`;
  });
  await writeFile(path, coloured.join(''));
  const host = await startHost(hostOptionsFor(join(base, 'session.yaml'), base));
  onTestFinished(() => host.close());
  const resumed = await bindResumedMda(existingRunFolder(run), host.services);
  expect(resumed).toMatchObject({ bound: { frames: 1 }, store: { firstFrame: 3 } });
});

test('a camera that gives other frames than those in the store is refused before anything is written', async () => {
  const folder = await temporaryFolder();
  const base = join(folder, 'smaller');
  const { runFolder } = await killAfter(base, { time_plan: { interval: 0, loops: 500 } }, { frames: 4, delayMs: 0 });
  await recoverRun(runFolder, { writes: true, clock: systemClock });
  const session = join(runFolder, 'session.yaml');
  await writeFile(session, (await readFile(session, 'utf8')).replace('binning: 4', 'binning: 2'));
  const host = await startHost(hostOptionsFor(session, base));
  onTestFinished(() => host.close());
  const outcome = await (await host.runs.resumeRun(runFolder)).outcome;
  expect(outcome).toMatchObject({ exitStatus: 'fail', frames: 0, reason: expect.stringContaining('of the store is') });
  const { problems } = await inspectStore(join(runFolder, 'data.ome.zarr'), { stats: true });
  expect(problems).toEqual([]);
});

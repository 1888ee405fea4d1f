import { once } from 'node:events';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCounts } from '../../src/main/storage/run/counts-file.ts';
import { bench, item, linesOf } from './run-cli.ts';

const SEQUENCE = { time_plan: { interval: 0.05, loops: 40 }, z_plan: { range: 1, step: 1 } };
const FRAMES = 80;

test('a run that was killed is listed, recovered, and resumed to its last frame from the terminal', async () => {
  const { file, session, out, start, redsun, runs } = await bench();
  const items = await file('items.json', [item('mda', [], { sequence: SEQUENCE })]);
  const running = start('run', items, '--session', session, '--out', out);
  await expect
    .poll(async () => acknowledgedIn(join(out, (await runs())[0] ?? '')), { timeout: 20_000 })
    .toBeGreaterThan(5);
  // It waits, alive, however long the next program takes to start.
  running.child.kill('SIGSTOP');
  const meanwhile = await redsun('recover', out, '--json');
  expect(meanwhile.code).toBe(2);
  expect(linesOf(meanwhile.stdout)).toMatchObject([{ state: 'running', problems: [{ code: 'session/locked' }] }]);
  running.child.kill('SIGKILL');
  await once(running.child, 'close');

  const listed = await redsun('recover', out, '--dry-run');
  expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('would repair: documents: run') });
  const recovered = await redsun('recover', out, '--json');
  expect(recovered.code).toBe(0);
  const [report] = linesOf(recovered.stdout);
  expect(report).toMatchObject({ state: 'repaired', lost: 0, problems: [], run_start_uids: [expect.any(String)] });

  await appendFile(join(String(report?.path), 'session.yaml'), 'storage: {compression: gzip}\n');
  const resumed = await redsun('recover', out, '--resume', '--json');
  expect(resumed).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('goes on as it began, with compression none'),
  });
  const left = FRAMES - Number(report?.found);
  expect(linesOf(resumed.stdout).at(-1)).toMatchObject({ exit_status: 'success', frames: left });
  const again = await redsun('recover', out, '--resume');
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('no frame is missing') });
});

test('of a run that was killed, the frames that were known to be on the disk are told, there, and never more', async () => {
  const { file, session, out, start, redsun, runs } = await bench();
  const sequence = { time_plan: { interval: 0.1, loops: 80 } };
  const items = await file('items.json', [item('mda', [], { sequence })]);
  const running = start('run', items, '--session', session, '--out', out);
  const countsOf = async () => readCounts(join(out, (await runs())[0] ?? '', 'counts.jsonl'));
  await expect.poll(async () => (await countsOf())?.durable, { timeout: 30_000 }).toBeGreaterThan(0);
  running.child.kill('SIGKILL');
  await once(running.child, 'close');

  const { durable } = (await countsOf()) ?? { durable: 0 };
  const run = join(out, (await runs())[0] ?? '');
  const told = await acknowledgedIn(run);
  expect(durable).toBeLessThanOrEqual(told);
  const listed = await redsun('recover', out, '--dry-run');
  expect(listed.stdout).toContain(`${told} frames acknowledged, ${durable} of them known to be on the disk`);
  expect((await redsun('inspect', join(run, 'data.ome.zarr'))).stdout).toContain(
    `${durable} frames known to be on the disk`,
  );
  const [report] = linesOf((await redsun('recover', out, '--json')).stdout);
  expect(report).toMatchObject({ durable, acknowledged: told, found: told, problems: [] });

  // What came after the last sync before the kill was synced by the recovery.
  expect(await countsOf()).toMatchObject({ acknowledged: told, durable: told });
  expect(await redsun('recover', out, '--resume')).toMatchObject({ code: 0 });
  expect(await countsOf()).toMatchObject({ acknowledged: 80, durable: 80 });
});

test('a folder without runs, or none at all, is bad usage', async () => {
  const { folder, redsun } = await bench();
  expect(await redsun('recover', folder)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no run folder in'),
  });
  expect(await redsun('recover', join(folder, 'nowhere'))).toMatchObject({ code: 2 });
  expect(await redsun('recover')).toMatchObject({ code: 2 });
});

async function acknowledgedIn(run: string): Promise<number> {
  const text = await readFile(join(run, 'journal.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}

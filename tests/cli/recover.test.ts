import { once } from 'node:events';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

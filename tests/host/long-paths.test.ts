import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { type Estimate, estimateSchema } from '../../src/shared/channels/acquisition.ts';
import { item, QUICK_SESSION, temporaryFolder, testHost } from './test-host.ts';

const series = item('mda', { sequence: { time_plan: { interval: 0, loops: 2 } } });

async function problemsOf(options: Parameters<typeof testHost>[1], session = QUICK_SESSION) {
  const host = await testHost(session, options);
  const request = { item: series };
  const { signal } = new AbortController();
  const answer = await callChannel(host.server, 'acquisition', 'estimate', request, signal);
  const { problems }: Estimate = estimateSchema.parse(answer);
  return { host, problems: problems.filter(({ message }) => message.includes('longest path')) };
}

/** Below `root`, with names of at most 60 characters. */
const deepFolder = (root: string, length: number) => join(root, `${'d'.repeat(59)}/`.repeat(100)).slice(0, length);

test('on Windows a folder that is too deep for other programs is said before the run, which goes on', async () => {
  const baseFolder = deepFolder(await temporaryFolder(), 230);
  const { host, problems } = await problemsOf({ baseFolder, platform: 'win32' });
  expect(problems).toMatchObject([
    { severity: 'advice', message: expect.stringMatching(/has 2[6-9]\d characters.*260/) },
  ]);
  expect(await host.runs.runToEnd(series)).toMatchObject({ exitStatus: 'success', frames: 2 });
});

test('nothing is said of a folder that is short enough', async () => {
  const baseFolder = deepFolder(await temporaryFolder(), 150);
  expect((await problemsOf({ baseFolder, platform: 'win32' })).problems).toEqual([]);
});

test('a run whose files would be too deep for Linux is refused before anything is made', async () => {
  const baseFolder = deepFolder(await temporaryFolder(), 4040);
  const { host, problems } = await problemsOf({ baseFolder, platform: 'linux' });
  expect(problems).toMatchObject([{ severity: 'error', message: expect.stringContaining('4095 is the most') }]);
  await expect(host.runs.start(series)).rejects.toMatchObject({ code: 'target/path-too-long' });
  const days = existsSync(join(baseFolder, 'test')) ? await readdir(join(baseFolder, 'test')) : [];
  expect(days.filter((name) => /^\d/.test(name))).toEqual([]);
});

test('a dry run makes no paths', async () => {
  const baseFolder = deepFolder(await temporaryFolder(), 230);
  expect((await problemsOf({ baseFolder, platform: 'win32', isDryRun: true })).problems).toEqual([]);
});

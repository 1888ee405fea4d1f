import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { type Camera, isCamera } from '../../src/sdk/device/index.ts';
import type { RunPage } from '../../src/shared/channels/review.ts';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

const SEQUENCE = { channels: [{ config: 'FITC', exposure: 20 }], time_plan: { interval: 0, loops: 126 } };

function frames(host: Host, count: number): Promise<void> {
  const camera = [...host.services.roster.devices.values()].find(isCamera) as Camera;
  let seen = 0;
  return new Promise((resolve) => {
    const listener = camera.onFrame(() => {
      if (++seen < count) return;
      listener[Symbol.dispose]();
      resolve();
    });
  });
}

async function listed(host: Host): Promise<RunPage> {
  const search = { offset: 0, limit: 10, refresh: true };
  return (await callChannel(host.server, 'review', 'search', search, new AbortController().signal)) as RunPage;
}

test('a run that is stopped in good order says how much of it there is, wherever it is told of', async () => {
  const host = await testHost();
  const { outcome } = await host.runs.start(item('mda', { sequence: SEQUENCE }));
  await frames(host, 3);
  await host.services.engine.stop();
  const { exitStatus, reason, frames: taken, folder } = await outcome;
  expect([exitStatus, reason]).toEqual(['success', `Stopped after ${taken} of 126 frames`]);
  expect(host.services.log.records.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(new RegExp(`^mda_0001 stopped: ${taken} frames in .* 126 frames expected`)),
  );
  const points = { taken: expect.any(Number), planned: 126 };
  const report = await inspectStore(join(folder, 'data.ome.zarr'));
  expect(report.points).toEqual(points);
  expect(report.points?.taken).toBeLessThan(126);
  expect((await listed(host)).runs).toMatchObject([{ exitStatus: 'success', points }]);
});

test('a run that comes to its own end has nothing more to say', async () => {
  const host = await testHost();
  const outcome = await host.runs.runToEnd(item('count', { num: 3 }, [['camera']]));
  expect(outcome.reason).toBe('');
  expect((await inspectStore(join(outcome.folder, 'data.ome.zarr'))).points).toEqual({ taken: 3, planned: 3 });
});

test.each([
  ['the disk', QUICK_SESSION],
  ['memory', `${QUICK_SESSION}\nstorage: {writer: memory}\n`],
])('a plan that opens no run leaves none behind: %s', async (_where, session) => {
  const host = await testHost(session);
  const outcome = await host.runs.runToEnd(item('mv', {}, ['z', 3]));
  expect(outcome).toMatchObject({ exitStatus: 'success', folder: '', runStartUids: [] });
  expect((await listed(host)).runs).toEqual([]);
  const below = await readdir(host.services.baseFolder, { recursive: true }).catch(() => []);
  expect(below.filter((path) => path.includes('mv_'))).toEqual([]);
});

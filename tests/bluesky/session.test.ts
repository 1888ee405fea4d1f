import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { item, root, testHost } from '../host/test-host.ts';

const session = () => readFile(join(root, 'plugins', 'bluesky-sim', 'session.yaml'), 'utf8');
const NAMES = 'det det2 m1 m2 m3 lm am sig rsig plain sdet flyer flyer2 pflyer fflyer sd1 sd2 fd peak slow'.split(' ');

test('the session has all devices, and each of them works', async () => {
  const host = await testHost(await session());
  const states = [...host.services.roster.states].map(([name, { state }]) => [name, state.kind]);
  expect(states).toEqual(NAMES.map((name) => [name, 'ready']));
});

test('a plan runs on the devices of the session', async () => {
  const host = await testHost(await session());
  const outcome = await host.runs.runToEnd(item('count', { num: 2 }, [['det', 'peak', 'sd1']]));
  expect(outcome).toMatchObject({ exitStatus: 'success', error: null });
});

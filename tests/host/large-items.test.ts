import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { checkItem } from '../../src/main/host/run/check-item.ts';
import { nearMiss } from '../../src/sdk/util/index.ts';
import { item, testHost } from './test-host.ts';

const MILLION = 1_000_000;
const large = [
  ['scan of a million points', item('scan', { num: MILLION }, [['camera'], 'z', -100, 100])],
  ['mesh of a million points', item('grid_scan', {}, [['camera'], 'z', -9, 9, 1000, 'xy-x', -9, 9, 1000])],
  ['list_scan of 200,000 positions', item('list_scan', {}, [['camera'], 'z', Array(200_000).fill(1)])],
] as const;

test.each(large)('others have their turn while a %s is checked and estimated', async (_what, asked) => {
  const host = await testHost();
  let done = false;
  const estimate = host.server.channels.get('acquisition')?.calls.estimate;
  const told = estimate?.({ item: asked } as never, {
    ...host.server.within,
    signal: new AbortController().signal,
  }).finally(() => {
    done = true;
  });
  let turns = 0;
  while (!done) {
    await setImmediate();
    turns++;
  }
  const { kind, problems } = (await told) as { kind: string; problems: { severity: string }[] };
  // How fast the disk is just now is of no interest here.
  expect([kind, problems.filter(({ severity }) => severity !== 'advice')]).toEqual(['extrapolated', []]);
  expect(turns).toBeGreaterThan(10);
});

test('STOP is heard while a scan of a million points is checked, and it is not started', async () => {
  const host = await testHost();
  const started = host.runs.start(large[0][1]);
  await setImmediate();
  host.services.latch.pull();
  await expect(started).rejects.toMatchObject({ code: 'safety/stopped' });
  expect(host.services.engine.state).toBe('idle');
  expect(host.runs.progress).toBeNull();
});

test('the last point of a million is checked, too', async () => {
  const host = await testHost();
  const beyond = item('scan', { num: MILLION }, [['camera'], 'z', 0, 1001]);
  await expect(host.runs.start(beyond)).rejects.toMatchObject({ code: 'plan/limit' });
});

test('more values than can be checked at once are refused in words', async () => {
  const host = await testHost();
  const list = Array(MILLION).fill(1);
  for (const asked of [
    item('list_scan', {}, [['camera'], 'z', list]),
    item('mda', { sequence: { z_plan: { absolute: list }, channels: ['FITC'] } }),
    { ...item('count', {}, [['camera']]), meta: { list } },
  ]) {
    expect(() => checkItem(host.services, asked)).toThrow(
      'lists more than 250000 values; give a range, or several items',
    );
  }
  let deep: unknown = 1;
  for (let depth = 0; depth < 10_000; depth++) deep = [deep];
  expect(() => checkItem(host.services, item('count', { deep }, [['camera']]))).toThrow('nested more than 64 deep');
});

test('no likeness is sought for a word of 100,000 letters', () => {
  const word = 'c'.repeat(100_000);
  let compared = 0;
  function* candidates() {
    compared++;
    yield word;
  }
  expect(nearMiss(word, candidates())).toBeNull();
  expect(compared).toBe(0);
});

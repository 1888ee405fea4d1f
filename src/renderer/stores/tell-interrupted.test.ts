import { expect, test } from 'vitest';
import { FakeBridge, fakeMemory } from '../testing/fake-bridge.ts';
import { tellInterrupted } from './tell-interrupted.ts';
import { createWindowStore } from './window-store.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function opened(newest: object | null) {
  const bridge = new FakeBridge({ 'review.search': () => ({ runs: newest ? [newest] : [] }) });
  bridge.state = { kind: 'connecting' };
  const view = createWindowStore(fakeMemory());
  const runs: string[] = [];
  tellInterrupted(bridge, view, { openRun: async (id) => void runs.push(id) });
  expect(bridge.asked).toEqual([]);
  bridge.become({ kind: 'open' });
  bridge.become({ kind: 'lost', reason: '' });
  bridge.become({ kind: 'open' });
  await settled();
  expect(bridge.asked).toHaveLength(1);
  return { view, runs };
}

test('an interrupted run is told once when the window is opened, and Review shows it', async () => {
  const { view, runs } = await opened({ id: 'day/mda_0001', name: 'mda_0001', frames: 43, interruption: 'unrepaired' });
  const [toast, ...others] = view.getState().toasts;
  expect(others).toEqual([]);
  expect(toast).toMatchObject({ kind: 'warn', title: 'mda_0001 was interrupted' });
  expect(toast?.detail).toBe('43 frames are there. Recover makes them whole.');
  toast?.action?.run();
  expect(view.getState().layout).toBe('review');
  expect(runs).toEqual(['day/mda_0001']);
});

test('a run that ended, or was recovered, is no news, and neither is none', async () => {
  for (const interruption of [null, 'repaired']) {
    const { view } = await opened({ id: 'day/mda_0001', name: 'mda_0001', frames: 1, interruption });
    expect(view.getState().toasts).toEqual([]);
  }
  expect((await opened(null)).view.getState().toasts).toEqual([]);
});

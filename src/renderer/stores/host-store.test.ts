import { ManualClock } from 'redsun/sdk/testing';
import { describe, expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { bindHost, createHostStore, lockOf } from './host-store.ts';

const axis = (position: number) => ({
  axes: [
    {
      name: 'z',
      label: 'Z',
      kind: 'z',
      units: 'um',
      target: 0,
      position,
      limits: { low: 0, high: 9 },
      imageAxis: null,
      imageDirection: 1,
      tolerance: 1,
      moving: false,
    },
  ],
});

function bound() {
  const bridge = new FakeBridge({ 'log.recent': () => [{ time: 1, level: 'info', source: 'a', message: 'early' }] });
  const host = createHostStore();
  const clock = new ManualClock();
  bindHost(bridge, host, clock);
  return { bridge, host, clock };
}

describe('bindHost', () => {
  test('repaints positions ten times a second at most, and ends on the newest', async () => {
    const { bridge, host, clock } = bound();
    const seen: (number | null)[] = [];
    host.subscribe((state, before) => {
      if (state.axes !== before.axes) seen.push(state.axes[0]?.position ?? null);
    });
    for (let step = 0; step <= 20; step += 1) {
      bridge.announce('positioner.changed', axis(step));
      await clock.advance(20);
    }
    await clock.advance(200);
    expect(seen.length).toBeLessThanOrEqual(6);
    expect(seen[0]).toBe(0);
    expect(seen[seen.length - 1]).toBe(20);
  });

  test('passes STOP on at once', () => {
    const { bridge, host } = bound();
    bridge.announce('safety.changed', { kind: 'stopping', by: 'Esc' });
    expect(host.getState().safety).toEqual({ kind: 'stopping', by: 'Esc' });
    bridge.announce('safety.changed', { kind: 'armed' });
    expect(host.getState().safety).toEqual({ kind: 'armed' });
  });

  test('reads what was logged before the window opened, then appends', async () => {
    const { bridge, host, clock } = bound();
    await Promise.resolve();
    await Promise.resolve();
    bridge.announce('log.written', { time: 2, level: 'warn', source: 'b', message: 'late' });
    await clock.advance(200);
    expect(host.getState().log.map(({ message }) => message)).toEqual(['early', 'late']);
  });
});

describe('lockOf', () => {
  const running = { engine: 'running', run: { name: 'mda_0003' }, last: null } as never;
  test('gives no reason when the scope is free', () => {
    const { bridge, host } = bound();
    expect(bridge.state.kind).toBe('open');
    expect(lockOf(host.getState())).toBeNull();
  });
  test('names the run that has the scope', () => {
    const { host } = bound();
    host.setState({ acquisition: running });
    expect(lockOf(host.getState())?.reason).toBe('In use by run mda_0003. View only');
  });
  test('a lost host comes before everything else', () => {
    const { bridge, host } = bound();
    host.setState({ acquisition: running });
    bridge.become({ kind: 'lost', reason: 'closed' });
    expect(lockOf(host.getState())?.reason).toBe('The host does not answer');
  });
});

import { expect, test } from 'vitest';
import type { GuardianToPage, SafetyAct } from '../../shared/guardian/safety-act.ts';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { followGuardian, putAside } from './guardian-store.ts';
import { createHostStore } from './host-store.ts';

const ACT: SafetyAct = {
  number: 1,
  reason: 'host-silent',
  by: null,
  time: 1_800_000_000,
  session: 'test',
  devices: [],
  tookMs: 4,
};

function followed() {
  const host = createHostStore();
  const bridge = new FakeBridge();
  host.setState({ bridge: bridge.state });
  const opened: string[] = [];
  let say: (message: GuardianToPage) => void = () => {};
  const guardian = followGuardian(host, bridge, ({ port, token }, { onMessage, onOpen }) => {
    opened.push(`${port} ${token}`);
    say = onMessage;
    onOpen(true);
    return { stop: () => true, [Symbol.dispose]() {} };
  });
  const at = (port: number) => host.setState({ guardian: { page: { port, token: 't' }, lastAct: null } });
  return { host, bridge, guardian, opened, at, say: (message: GuardianToPage) => say(message) };
}

test('the guardian is spoken to where the host says, and anew where it moves', () => {
  const { guardian, opened, at } = followed();
  expect(guardian.stop('Esc')).toBe(false);
  at(4000);
  at(4000);
  at(4001);
  expect([opened, guardian.stop('Esc')]).toEqual([['4000 t', '4001 t'], true]);
});

test('a host that is silent for a second counts as lost, until it is well', () => {
  const { host, at, say } = followed();
  at(4000);
  say({ kind: 'host', host: 'silent', silentMs: 600 });
  expect(host.getState().bridge.kind).toBe('open');
  say({ kind: 'host', host: 'silent', silentMs: 1100 });
  expect(host.getState().bridge.kind).toBe('lost');
  say({ kind: 'host', host: 'well', silentMs: 20 });
  expect(host.getState().bridge.kind).toBe('open');
});

test('what the guardian did by itself is told until it is read; what was asked of it is not', () => {
  const { guardian, at, say } = followed();
  at(4000);
  say({ kind: 'host', host: 'well', silentMs: 0 });
  say({ kind: 'acted', act: { ...ACT, reason: 'asked' } });
  say({ kind: 'acted', act: { ...ACT, reason: 'stop' } });
  expect(guardian.store.getState().act).toBeNull();
  say({ kind: 'acted', act: ACT });
  expect(guardian.store.getState().act).toEqual(ACT);
  putAside(guardian.store);
  expect(guardian.store.getState().act).toBeNull();
});

test('a STOP that the host does not hear is told, too', () => {
  const { guardian, at, say } = followed();
  at(4000);
  say({ kind: 'host', host: 'silent', silentMs: 900 });
  say({ kind: 'acted', act: { ...ACT, reason: 'stop', by: 'Esc' } });
  expect(guardian.store.getState().act?.by).toBe('Esc');
});

test('what happened in an earlier session is told once', () => {
  const { guardian, host } = followed();
  host.setState({ guardian: { page: null, lastAct: { ...ACT, reason: 'host-gone' } } });
  putAside(guardian.store);
  host.setState({ axes: [] });
  expect(guardian.store.getState().act).toBeNull();
});

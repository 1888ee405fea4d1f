import { afterEach, expect, test, vi } from 'vitest';
import { AcquisitionPresenter } from '../../src/main/host/presenters/acquisition-presenter.ts';
import { CameraPresenter } from '../../src/main/host/presenters/camera-presenter.ts';
import { ControlPresenter } from '../../src/main/host/presenters/control-presenter.ts';
import { LightPresenter } from '../../src/main/host/presenters/light-presenter.ts';
import { LogPresenter } from '../../src/main/host/presenters/log-presenter.ts';
import { PositionerPresenter } from '../../src/main/host/presenters/positioner-presenter.ts';
import { PropertiesPresenter } from '../../src/main/host/presenters/properties-presenter.ts';
import { ReviewPresenter } from '../../src/main/host/presenters/review-presenter.ts';
import { RunDataPresenter } from '../../src/main/host/presenters/run-data-presenter.ts';
import { SafetyPresenter } from '../../src/main/host/presenters/safety-presenter.ts';
import { SessionPresenter } from '../../src/main/host/presenters/session-presenter.ts';
import { StoragePresenter } from '../../src/main/host/presenters/storage-presenter.ts';
import { RunCoordinator } from '../../src/main/host/run/run-coordinator.ts';
import type { Host } from '../../src/main/host/start-host.ts';
import { ChannelServer } from '../../src/main/ipc/channel-server.ts';
import { ControlLease } from '../../src/main/ipc/control-lease.ts';
import { type PPresenter, serveChannel } from '../../src/sdk/presenter/index.ts';
import { Signal } from '../../src/sdk/virtual/index.ts';
import { logChannel } from '../../src/shared/channels/log.ts';
import { transportPair } from '../ipc/transport-pair.ts';
import { testHost } from './test-host.ts';

const TIMES = 200;

afterEach(() => void vi.restoreAllMocks());

type Build = (host: Host) => PPresenter & { shutdown?: () => unknown };

const BUILT: readonly [name: string, build: Build][] = [
  ['session', ({ services }) => new SessionPresenter('one-more', services)],
  ['log', ({ services }) => new LogPresenter('one-more', services)],
  ['camera', ({ services }) => new CameraPresenter('one-more', services)],
  ['positioner', ({ services }) => new PositionerPresenter('one-more', services)],
  ['light', ({ services }) => new LightPresenter('one-more', services)],
  ['properties', ({ services }) => new PropertiesPresenter('one-more', services)],
  ['acquisition', ({ services, runs }) => new AcquisitionPresenter('one-more', services, runs)],
  ['safety', ({ services }) => new SafetyPresenter('one-more', services, null)],
  ['control', ({ services, server }) => new ControlPresenter('one-more', services, server)],
  ['storage', ({ services }) => new StoragePresenter('one-more', services, () => null)],
  ['review', ({ services }) => new ReviewPresenter('one-more', services, () => null)],
  ['run-data', ({ services }) => new RunDataPresenter('one-more', services)],
];

test.for(BUILT)('%s, added and removed 200 times, leaves nothing that listens', async ([, build]) => {
  const host = await testHost();
  const server = new ChannelServer(new ControlLease(host.services.clock), () => {});
  const connected = vi.spyOn(Signal.prototype, 'connect');
  const disconnected = vi.spyOn(Signal.prototype, 'disconnect');
  const subscribed = vi.spyOn(host.services.engine, 'subscribe');
  const unsubscribed = vi.spyOn(host.services.engine, 'unsubscribe');
  const sinks = vi.spyOn(host.services.log, 'subscribe');
  const before = server.channels.size;
  for (let time = 0; time < TIMES; time++) {
    const presenter = build(host);
    if (!presenter.channel) throw new Error('it has no channel');
    const served = server.add(presenter.channel);
    host.services.roster.changed.emit();
    await presenter.shutdown?.();
    served[Symbol.dispose]();
  }
  expect(connected.mock.calls.length - disconnected.mock.calls.length).toBe(0);
  expect(subscribed.mock.calls.length - unsubscribed.mock.calls.length).toBe(0);
  const emitted = vi.spyOn(Signal.prototype, 'emit');
  host.services.loggerFor('test').info('heard by those that are there');
  // The session's own presenter, and none of the 200.
  expect(emitted.mock.calls.length).toBeLessThanOrEqual(1);
  expect(sinks.mock.calls.length).toBeLessThanOrEqual(TIMES);
  expect(server.channels.size).toBe(before);
});

test('a run’s owner that is disposed listens to nothing any more', async () => {
  const host = await testHost();
  const connected = vi.spyOn(Signal.prototype, 'connect');
  const disconnected = vi.spyOn(Signal.prototype, 'disconnect');
  for (let time = 0; time < TIMES; time++) {
    using _runs = new RunCoordinator(host.services, null);
    host.services.roster.changed.emit();
  }
  expect(connected.mock.calls.length).toBeGreaterThanOrEqual(TIMES);
  expect(connected.mock.calls.length - disconnected.mock.calls.length).toBe(0);
});

test('whoever listens to a presenter that is taken away is told so, and its last words are forgotten', async () => {
  const host = await testHost();
  const { clock } = host.services;
  const server = new ChannelServer(new ControlLease(clock), () => {});
  const written = new Signal<[never]>();
  const served = server.add(
    serveChannel({ ...logChannel, events: { written: { ...logChannel.events.written, retained: true } } }, {
      calls: { recent: async () => [] },
      events: { written },
      streams: {},
    } as never),
  );
  written.emit({ time: 1, level: 'info', source: 'test', message: 'here' } as never);
  const { near, far } = transportPair();
  const heard: unknown[] = [];
  near.onMessage((message) => heard.push(message));
  server.serve(far, { name: 'Anna' });
  near.post({ kind: 'subscribe', id: 1, channel: 'log', event: 'written' });
  await expect.poll(() => heard.length).toBe(2);
  expect(server.retained('log', 'written')).not.toBeNull();

  served[Symbol.dispose]();
  await expect.poll(() => heard.at(-1)).toMatchObject({ kind: 'error', id: 1, error: { code: 'channel/gone' } });
  expect(server.retained('log', 'written')).toBeNull();
  expect(written.connected).toBe(false);
});

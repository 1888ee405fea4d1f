import { expect, test } from 'vitest';
import { LIVE_FORGOTTEN_MS, LightWatch } from '../../src/main/host/light-watch.ts';
import { ManualClock } from '../../src/sdk/testing/index.ts';
import { Signal } from '../../src/sdk/virtual/index.ts';

type Options = ConstructorParameters<typeof LightWatch>[0];

function setup(engineState = 'idle') {
  const clock = new ManualClock();
  const server = { called: new Signal<[]>(), connectionsChanged: new Signal<[number]>(), connectionCount: 0 };
  const done: string[] = [];
  const watch = new LightWatch({
    clock,
    server,
    engine: { state: engineState },
    optics: { allOff: async () => void done.push('off') },
    camera: { isLive: true, stopLive: async () => void done.push('live stopped') },
    logger: { debug() {}, info() {}, warning: (message: string) => void done.push(message), error() {} },
  } as unknown as Options);
  const connect = (count: number) => {
    server.connectionCount = count;
    server.connectionsChanged.emit(count);
  };
  return { clock, server, done, watch, connect };
}

test('lights go out five seconds after the last window has gone', async () => {
  const { clock, done, connect } = setup();
  connect(1);
  connect(0);
  await clock.advance(4_999);
  expect(done).toEqual([]);
  await clock.advance(1);
  expect(done).toEqual(['The last window has gone: Live stopped, lights off', 'live stopped', 'off']);
});

test('a window that is loaded anew keeps them on', async () => {
  const { clock, done, connect } = setup();
  connect(1);
  connect(0);
  await clock.advance(1_000);
  connect(1);
  await clock.advance(60_000);
  expect(done).toEqual([]);
});

test('a run goes on without its window', async () => {
  const { clock, done, connect } = setup('running');
  connect(1);
  connect(0);
  await clock.advance(60_000);
  expect(done).toEqual([]);
});

test('a terminal that never had a window is left alone', async () => {
  const { clock, done, watch } = setup();
  watch.look();
  await clock.advance(60_000);
  expect(done).toEqual([]);
});

test('Live that nobody touches ends by itself, and each touch starts the time anew', async () => {
  const { clock, server, done, connect } = setup();
  connect(1);
  server.called.emit();
  await clock.advance(LIVE_FORGOTTEN_MS - 1);
  server.called.emit();
  await clock.advance(LIVE_FORGOTTEN_MS - 1);
  expect(done).toEqual([]);
  await clock.advance(1);
  expect(done).toContain('live stopped');
});

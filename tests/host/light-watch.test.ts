import { expect, test } from 'vitest';
import { LIVE_FORGOTTEN_MS, LightWatch } from '../../src/main/host/light-watch.ts';
import { ManualClock } from '../../src/sdk/testing/index.ts';
import { Signal } from '../../src/sdk/virtual/index.ts';
import type { DeviceAnswer } from '../../src/shared/channels/device-answer.ts';

type Options = ConstructorParameters<typeof LightWatch>[0];

const OFF: DeviceAnswer = { name: 'laser', risk: 'light', result: 'safe', answer: 'Off', ms: 3 };

function setup(engineState = 'idle', { isLive = true, isLit = false, answer = OFF } = {}) {
  const clock = new ManualClock();
  const server = { called: new Signal<[]>(), connectionsChanged: new Signal<[number]>(), connectionCount: 0 };
  const done: string[] = [];
  const engine = { state: engineState };
  const watch = new LightWatch({
    clock,
    server,
    engine,
    optics: {
      lights: [{ state: { on: isLit } }],
      makeDark: async () => {
        done.push('told to be dark');
        return [answer];
      },
    },
    camera: { isLive, stopLive: async () => void done.push('live stopped') },
    logger: {
      debug() {},
      info() {},
      warning: (message: string) => void done.push(message),
      error: (message: string) => void done.push(`ERROR ${message}`),
    },
  } as unknown as Options);
  const connect = (count: number) => {
    server.connectionCount = count;
    server.connectionsChanged.emit(count);
  };
  return { clock, server, done, watch, connect, engine };
}

test('lights go out five seconds after the last window has gone', async () => {
  const { clock, done, connect } = setup();
  connect(1);
  connect(0);
  await clock.advance(4_999);
  expect(done).toEqual([]);
  await clock.advance(1);
  expect(done).toEqual([
    'told to be dark',
    'live stopped',
    'The last window has gone: Live stopped. Lights off in 3 ms',
  ]);
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

test('a light that was switched on by hand is forgotten after the same time', async () => {
  const { clock, server, done, connect } = setup('idle', { isLive: false, isLit: true });
  connect(1);
  server.called.emit();
  await clock.advance(LIVE_FORGOTTEN_MS);
  expect(done).toContain('Nothing was touched for 15 min: Lights off in 3 ms');
});

test('a light that burns when a long run has ended is forgotten, too', async () => {
  const { clock, server, done, connect, engine } = setup('running', { isLive: false, isLit: true });
  connect(1);
  server.called.emit();
  await clock.advance(3 * LIVE_FORGOTTEN_MS);
  expect(done).toEqual([]);
  engine.state = 'idle';
  await clock.advance(LIVE_FORGOTTEN_MS);
  expect(done).toContain('told to be dark');
});

test('nothing is touched where nothing shines', async () => {
  const { clock, server, done, connect } = setup('idle', { isLive: false });
  connect(1);
  server.called.emit();
  await clock.advance(2 * LIVE_FORGOTTEN_MS);
  expect(done).toEqual([]);
});

test('nobody says that lights are off which do not say so', async () => {
  const answer: DeviceAnswer = { ...OFF, result: 'silent', answer: 'No answer in 500 ms. It may still be lit.' };
  const { clock, done, connect } = setup('idle', { answer });
  connect(1);
  connect(0);
  await clock.advance(5_000);
  expect(done.at(-1)).toBe(
    'ERROR The last window has gone: Live stopped. NOT KNOWN TO BE OFF: laser (No answer in 500 ms. It may still be lit). Look at it',
  );
});

// A device, a presenter and a writer as the guide has them: short, and with all that the SDK asks of them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { focusFinder, guardedScan } from '../../docs/examples/guarded-scan/guarded-scan.ts';
import { RawWriter } from '../../docs/examples/raw-writer/raw-writer.ts';
import { Thermometer } from '../../docs/examples/room-watch/thermometer.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import type { OpenLink } from '../../src/sdk/device/index.ts';
import { StaticFilenameProvider, StaticPathProvider } from '../../src/sdk/storage/index.ts';
import {
  createTestContext,
  deviceChecks,
  FakeAxis,
  FakeDetector,
  fakeLinks,
  ManualClock,
  recordingEngine,
  writerChecks,
} from '../../src/sdk/testing/index.ts';
import { item, QUICK_SESSION, temporaryFolder, testHost } from '../host/test-host.ts';
import { root } from './repository-checks.ts';

const examples = join(root, 'docs', 'examples');
const MOST_LINES = 60;

test.each([
  'room-watch/thermometer.ts',
  'room-watch/drift-watch.ts',
  'raw-writer/raw-writer.ts',
  'guarded-scan/guarded-scan.ts',
])('%s has less than 60 lines', async (file) => {
  expect((await readFile(join(examples, file), 'utf8')).trimEnd().split('\n').length).toBeLessThan(MOST_LINES);
});

/** A thermometer at the other end of a line, which says these temperatures one after the other and the last one for ever. */
function thermometerAt(...answers: string[]): OpenLink {
  let asked = 0;
  return fakeLinks((line) => (line === 'T?' ? (answers[Math.min(asked++, answers.length - 1)] ?? '') : 'E1')).openLink;
}

describe('the thermometer', () => {
  const made = async (openLink: OpenLink) => {
    const clock = new ManualClock();
    const device = new Thermometer('room', { port: '/dev/ttyUSB1' }, createTestContext({ clock, openLink }));
    await device.connect();
    return { device, clock };
  };
  for (const { title, run } of deviceChecks({ create: () => made(thermometerAt('21.25')) })) test(title, run);

  test('reads what it was told last', async () => {
    const { device, clock } = await made(thermometerAt('21.25', '21.50'));
    expect(device.read()).toEqual({ room: { value: 21.25, timestamp: clock.now() } });
    await clock.run(device.trigger().wait());
    expect(device.read()).toEqual({ room: { value: 21.5, timestamp: clock.now() } });
  });

  test('says what it got instead of a temperature', async () => {
    await expect(made(thermometerAt('ERR 7'))).rejects.toMatchObject({
      code: 'device/refused',
      message: 'room: "T?" gave "ERR 7"',
    });
  });
});

describe('the guarded scan', () => {
  type Heard = (readings: Record<string, { value: unknown; timestamp: number }>) => void;

  /** A value that a test puts. */
  function signalAt(name: string, value: unknown) {
    const heard = new Set<Heard>();
    const signal = {
      name,
      value,
      read: () => ({ [name]: { value: signal.value, timestamp: 0 } }),
      subscribe: (callback: Heard) => void heard.add(callback),
      clearSub: (callback: Heard) => void heard.delete(callback),
      put: (next: unknown) => {
        signal.value = next;
        for (const callback of heard) callback(signal.read());
      },
    };
    return signal;
  }

  /** A detector that is sharpest at 2 um. */
  class Sharpness extends FakeDetector {
    readonly #z: FakeAxis;
    constructor(z: FakeAxis) {
      super('sharpness');
      this.#z = z;
    }
    override read() {
      return { sharpness: { value: 100 - (Number(this.#z.position) - 2) ** 2, timestamp: 0 } };
    }
  }

  test('waits while the room drifts, goes on, and finds the focus', async () => {
    const { engine, clock, messages, of } = recordingEngine();
    engine.recordInterruptions = true;
    const [z, room, interlock] = [new FakeAxis('z'), signalAt('room', 21), signalAt('interlock', 0)];
    const tables = new Map<string, string>();
    const finder = focusFinder('z', 'sharpness', (stream) => ({
      write: (text) => void tables.set(stream, (tables.get(stream) ?? '') + text),
      close: () => {},
    }));
    engine.subscribe((name, doc) => finder.onDocument(name, doc));
    let events = 0;
    engine.subscribe(() => {
      if (++events === 5) room.put(21.8);
    }, 'event');
    const run = engine.run(guardedScan(new Sharpness(z), z, room, interlock));
    await clock.advance(1000);
    expect(messages.at(-1)).toBe('wait_for');
    room.put(21.9);
    await clock.advance(59_000);
    expect(messages.at(-1)).toBe('wait_for');
    await clock.run(run);
    expect(of('event').flatMap(({ data }) => data.interruption ?? [])).toEqual([
      'Suspender of type SuspendWhileDrifting stopped by signal room: waiting for it to settle',
    ]);
    expect(finder.focusUm()).toBeCloseTo(2, 0);
    expect(tables.get('primary')?.split('\r\n')[0]).toMatch(/^seq_num,time \(s\),.*z \(um\)/);
    expect(engine.suspenders).toEqual([]);
  });
});

test('the presenter warns of a drift, tells it to who asks, and begins anew with each run', async () => {
  const session = `${QUICK_SESSION.replace(
    'devices:',
    'devices:\n  room: {plugin_name: room-watch, plugin_id: thermometer, port: /dev/ttyUSB1}',
  )}
presenters:
  acquisition: {plugin_name: redsun, plugin_id: acquisition}
  drift: {plugin_name: room-watch, plugin_id: drift-watch, key: room, limit: 0.5}
`;
  const openLink = thermometerAt('21.0', '21.0', '21.4', '21.75', '30.0');
  const host = await testHost(session, { bundleFolders: [join(root, 'plugins'), examples], openLink });
  const drift = () => callChannel(host.server, 'drift-watch', 'drift', undefined, new AbortController().signal);
  const warnings = () =>
    host.services.log.records.filter(({ source }) => source === 'drift').map(({ level, message }) => [level, message]);

  expect(await drift()).toBeNull();
  const outcome = await host.runs.runToEnd(item('count', { num: 3 }, [['room']]));
  expect(outcome).toMatchObject({ exitStatus: 'success', error: null });
  expect(await drift()).toBe(0.75);
  const drifted = ['warning', 'room has drifted by 0.75 since the run began (limit 0.5)'];
  expect(warnings()).toEqual([drifted]);

  await host.runs.runToEnd(item('count', { num: 2 }, [['room']]));
  expect(await drift()).toBe(0);
  expect(warnings()).toEqual([drifted]);
});

describe('the writer', () => {
  const storeOf = new Map<unknown, string>();
  const create = async () => {
    const folder = await temporaryFolder();
    const paths = new StaticPathProvider(new StaticFilenameProvider('frames'), pathToFileURL(folder).href);
    const writer = new RawWriter('raw', {}, { paths });
    storeOf.set(writer, join(folder, 'frames'));
    return writer;
  };
  const checks = writerChecks({
    create,
    async readBack(writer, source) {
      const store = storeOf.get(writer) ?? '';
      const [about] = JSON.parse(await readFile(join(store, 'frames.json'), 'utf8'));
      expect(about).toEqual({ name: source, dtype: 'uint16', shape: [3, 4], file: `${source}.raw` });
      const bytes = await readFile(join(store, about.file));
      const pixels = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
      return Array.from({ length: pixels.length / 12 }, (_, at) => pixels.subarray(12 * at, 12 * at + 12));
    },
  });
  for (const { title, run } of checks) test(title, run);
});

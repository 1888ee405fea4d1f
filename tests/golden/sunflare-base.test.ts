// Device, presenter, view and log, against sunflare 0.11.1, recorded in golden_base.json.
import { afterAll, describe, expect, test } from 'vitest';
import { Device, isPDevice } from '../../src/sdk/device/index.ts';
import { createLogger, formatRecord, LogBuffer, Loggable } from '../../src/sdk/log/index.ts';
import { isPPresenter, Presenter } from '../../src/sdk/presenter/index.ts';
import { isPView, parseViewPosition, View, ViewPosition } from '../../src/sdk/view/index.ts';
import { listedDeviations, outcome, Replayed, recorded } from './replay.ts';

const golden = await recorded('golden_base');
const replayed = new Replayed(golden);
afterAll(() => expect(replayed.forgotten).toEqual([]));

const DEVIATIONS = [
  'base: abstract classes',
  'base: read-only members',
  'base: arguments are checked by the compiler',
  'log: nothing at import',
  'log: no file and line',
];
test('each deviation has its row', async () => {
  const listed = await listedDeviations();
  expect(DEVIATIONS.filter((title) => !listed.includes(`| ${title} |`))).toEqual([]);
});

class TestDevice extends Device {
  override describeConfiguration() {
    return { a: { source: 'x', dtype: 'number' as const, shape: [] } };
  }
  override readConfiguration() {
    return { a: { value: 1, timestamp: 0 } };
  }
}
class TestPresenter extends Presenter {}
class TestView extends View {
  override get viewPosition() {
    return ViewPosition.LEFT;
  }
}
const duck = { name: 'duck', parent: null, describeConfiguration: () => ({}), readConfiguration: () => ({}) };

describe('a device', () => {
  test('has name, parent and configuration, and is told by its members', () => {
    const device = new TestDevice('cam');
    expect({
      name: device.name,
      parent: device.parent,
      pdevice: isPDevice(device),
      conf: device.readConfiguration(),
      desc: device.describeConfiguration(),
    }).toEqual(golden[replayed.key('device')]);
    const own = (value: unknown) => value instanceof Device;
    expect([isPDevice(duck), isPDevice({ name: 'n' }), own(duck)]).toEqual(golden[replayed.key('pdevice_duck')]);
  });

  test('base: abstract classes', () => {
    for (const key of ['abstract_device', 'abstract_presenter', 'abstract_view', 'missing_method']) {
      expect([key, golden[replayed.key(key)].error]).toEqual([key, 'TypeError']);
    }
    // @ts-expect-error abstract
    expect(() => new Device('x')).toThrow(new TypeError("Can't instantiate abstract class Device"));
    // @ts-expect-error abstract
    expect(() => new Presenter('x', new Map())).toThrow(new TypeError("Can't instantiate abstract class Presenter"));
    // @ts-expect-error abstract
    expect(() => new View('x')).toThrow(new TypeError("Can't instantiate abstract class View"));
    // @ts-expect-error without describeConfiguration
    class Part extends Device {
      override readConfiguration() {
        return {};
      }
    }
    expect(isPDevice(new Part('x'))).toBe(false);
  });

  test('base: read-only members', () => {
    const device = new TestDevice('cam');
    const view = new TestView('w');
    expect(golden[replayed.key('device_name_readonly')].error).toBe('AttributeError');
    expect(golden[replayed.key('view_pos_readonly')].error).toBe('AttributeError');
    expect(golden[replayed.key('presenter_name_mutable')]).toBe('renamed');
    expect(() => {
      // @ts-expect-error read-only
      device.name = 'z';
    }).toThrow(TypeError);
    expect(() => {
      // @ts-expect-error read-only
      view.viewPosition = 'left';
    }).toThrow(TypeError);
    // @ts-expect-error read-only
    (presenter: TestPresenter) => void (presenter.name = 'renamed');
  });

  test('base: arguments are checked by the compiler', () => {
    expect(golden[replayed.key('device_name_kw')].error).toBe('TypeError');
    // @ts-expect-error the name is a text
    () => new TestDevice({ name: 'q' });
    expect(golden[replayed.key('device_extra_kw')]).toEqual({ ok: '<it>' });
    expect(golden[replayed.key('presenter_kw')]).toEqual({ ok: '<it>' });
    // @ts-expect-error the class takes no options
    () => new TestDevice('q', { foo: 1 });
  });
});

test('a presenter has its name and the very map of devices; it is told by its members', () => {
  const devices = new Map([['cam', new TestDevice('cam')]]);
  const presenter = new TestPresenter('ctrl', devices);
  expect({ name: presenter.name, same_mapping: presenter.devices === devices, pp: isPPresenter(presenter) }).toEqual(
    golden[replayed.key('presenter')],
  );
  expect([isPPresenter({ name: 'a', devices: {} }), isPPresenter(duck)]).toEqual(
    golden[replayed.key('ppresenter_duck')],
  );
});

describe('a view', () => {
  test('has name and position, and is told by its members', () => {
    const view = new TestView('w');
    expect({ name: view.name, pos: view.viewPosition, pv: isPView(view) }).toEqual(golden[replayed.key('view')]);
    expect(isPView({ name: 'a', viewPosition: 'left' })).toBe(golden[replayed.key('pview_duck')]);
  });

  test('docks at one of five positions', async () => {
    expect(ViewPosition).toEqual(golden[replayed.key('ViewPosition')]);
    expect((ViewPosition.LEFT as string) === 'left').toBe(golden[replayed.key('ViewPosition_eq_str')]);
    const [top, nowhere] = golden[replayed.key('ViewPosition_from')];
    expect(parseViewPosition('top')).toBe(ViewPosition[top.ok as keyof typeof ViewPosition]);
    expect(await outcome(() => parseViewPosition('nowhere'))).toEqual(nowhere);
  });
});

describe('the log', () => {
  class Named {
    readonly name: string = 'myobj';
  }
  class Lg extends Loggable(Named) {}
  class Anon extends Loggable(Object) {}
  class Emp extends Lg {
    override readonly name = '';
  }

  test('log: no file and line', () => {
    const log = new LogBuffer();
    const make = (source: string, className?: string) => createLogger(source, () => 0, log.write, className);
    const [a, anon, empty] = [new Lg(), new Anon(), new Emp()];
    for (const object of [a, anon, empty]) object.connectLog(make);
    const { logger } = a;
    expect(a.logger === logger).toBe(golden[replayed.key('logger_cached')]);
    a.logger.info('hello w');
    a.logger.debug('dbg');
    a.logger.warning('warn');
    anon.logger.info('anon');
    empty.logger.info('empty name');
    make('').info('plain');
    make('').error('plain err');
    a.logger.info('x');
    const lines = log.records.map((record) => formatRecord(record));
    expect(lines.every((line) => /^\[\d\d-\d\d-\d\d\|\d\d:\d\d:\d\d\]/.test(line))).toBe(
      golden[replayed.key('ts_regex')],
    );
    const reference: string[] = golden[replayed.key('log_lines')];
    expect(reference[1]).toMatch(/ \(golden_base\.py:<line>\)$/);
    expect(lines.map((line) => line.replace(/^\[[^\]]+\]/, '[<ts>]'))).toEqual(
      reference.map((line) => line.replace(/ \(golden_base\.py:<line>\)$/, '')),
    );
  });

  test('log: nothing at import', () => {
    expect(golden[replayed.key('logger_config')].handlers).toHaveLength(2);
    expect(golden[replayed.key('extra_mutated')]).toEqual({ k: 1, clsname: 'Lg', uid: 'myobj' });
    const log = new LogBuffer();
    const a = new Lg();
    a.logger.info('before anybody listens');
    expect(log.records).toEqual([]);
    a.connectLog((source, className) => createLogger(source, () => 5, log.write, className));
    expect(log.records).toEqual([
      { time: 5, level: 'info', source: 'myobj', className: 'Lg', message: 'before anybody listens' },
    ]);
  });
});

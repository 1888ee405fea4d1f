// The virtual container, against sunflare 0.11.1, recorded in golden_virtual.json and golden_virtual_config.json.
import { afterAll, describe, expect, test } from 'vitest';
import { DocumentRouter } from '../../src/sdk/events/index.ts';
import { createLogger, LogBuffer } from '../../src/sdk/log/index.ts';
import {
  type CallbackType,
  hasShutdown,
  isInjectable,
  isProvider,
  type Named,
  type ProviderKey,
  type RedSunConfig,
  Signal,
  VirtualContainer,
} from '../../src/sdk/virtual/index.ts';
import { type Json, listedDeviations, outcome, Replayed, recorded } from './replay.ts';

const golden = await recorded('golden_virtual');
const replayed = new Replayed(golden);
const goldenConfig = await recorded('golden_virtual_config');
const replayedConfig = new Replayed(goldenConfig);
const replayedCallbacks = new Replayed(golden.callbacks);
afterAll(() => {
  expect([replayed.forgotten, replayedConfig.forgotten, replayedCallbacks.forgotten]).toEqual([[], [], []]);
});

const DEVIATIONS = [
  'virtual: state per instance',
  'virtual: configured once',
  'virtual: says what is missing',
  'virtual: null is no name',
  'virtual: names are checked',
  'virtual: functions are checked',
  'virtual: all or nothing',
  'virtual: keyword arguments',
  'virtual: typed providers',
  'virtual: silence is told',
];
test('each deviation has its row', async () => {
  const listed = await listedDeviations();
  expect(DEVIATIONS.filter((title) => !listed.includes(`| ${title} |`))).toEqual([]);
});

describe('the configuration', () => {
  const configured = (config: object) => {
    const container = new VirtualContainer();
    container.setConfiguration(config as RedSunConfig);
    return container;
  };
  const values = ({ schemaVersion, frontend, session, metadata }: VirtualContainer): unknown[] => [
    schemaVersion,
    frontend,
    session,
    metadata,
  ];

  test('has defaults; other keys are passed over; metadata is kept by reference; types are left to the compiler', () => {
    const metadata: Record<string, unknown> = { a: 1 };
    const byReference = configured({ schema_version: 1, frontend: 'a', metadata });
    metadata.b = 2;
    expect({
      defaults: values(configured({ schema_version: 1, frontend: 'pyqt' })),
      full_extra_key_ignored: values(
        configured({ schema_version: 2, frontend: 'x', session: 'S', metadata: { a: 1 }, extra_key: 5 }),
      ),
      metadata_by_reference: values(byReference),
      schema_version_not_type_checked: { ok: values(configured({ schema_version: 'one', frontend: 5 })) },
    }).toEqual({
      defaults: goldenConfig[replayedConfig.key('defaults')],
      full_extra_key_ignored: goldenConfig[replayedConfig.key('full_extra_key_ignored')],
      metadata_by_reference: goldenConfig[replayedConfig.key('metadata_by_reference')],
      schema_version_not_type_checked: goldenConfig[replayedConfig.key('schema_version_not_type_checked')],
    });
    expect(values(configured({ schema_version: 1, frontend: 'pyqt' }))).toEqual(golden[replayed.key('defaults')]);
  });

  test('virtual: state per instance', () => {
    // What the reference gives for the second container is the first one's configuration.
    expect(golden[replayed.key('full')]).toEqual([1, 'pyqt', 'redsun', {}]);
    expect(golden[replayed.key('isolation')]).toBe('redsun');
    expect(golden[replayed.key('metadata_by_reference')]).toEqual({});
    const [first, second] = [
      configured({ schema_version: 1, frontend: 'pyqt' }),
      configured({ schema_version: 2, frontend: 'x', session: 'S', metadata: { a: 1 } }),
    ];
    expect([values(first), values(second)]).toEqual([
      [1, 'pyqt', 'redsun', {}],
      [2, 'x', 'S', { a: 1 }],
    ]);
    first.registerSignals({ name: 'own', moved: new Signal() } as Named);
    expect(golden[replayed.key('isolated_containers')][0]).not.toEqual([]);
    expect([[...second.signals.keys()], [...second.callbacks.keys()]]).toEqual([[], []]);
  });

  test('virtual: configured once', () => {
    expect(goldenConfig[replayedConfig.key('reconfigure_before_first_read_wins')]).toEqual([5, 'b', 'q', {}]);
    expect(goldenConfig[replayedConfig.key('reconfigure_after_first_read_ignored')]).toEqual([5, 'b', 'q', {}]);
    expect(golden[replayed.key('reconfigure_after_read')]).toEqual([1, 'pyqt']);
    expect(golden[replayed.key('reconfigure_before_read')]).toEqual([1, 'pyqt']);
    const container = configured({ schema_version: 1, frontend: 'a' });
    expect(() => container.setConfiguration({ schema_version: 5, frontend: 'b' })).toThrow(
      expect.objectContaining({ name: 'RuntimeError', message: 'VirtualContainer is configured already' }),
    );
    expect(values(container)).toEqual([1, 'a', 'redsun', {}]);
  });

  test('virtual: says what is missing', async () => {
    for (const error of [
      golden[replayed.key('unconfigured_schema_version')],
      golden[replayed.key('unconfigured_session')],
      goldenConfig[replayedConfig.key('unconfigured')],
    ]) {
      expect(error.error).toBe('TypeError');
    }
    const unconfigured = { error: 'RuntimeError', message: 'VirtualContainer is not configured' };
    for (const read of ['schemaVersion', 'frontend', 'session', 'metadata'] as const) {
      expect(await outcome(() => new VirtualContainer()[read])).toEqual(unconfigured);
    }
    for (const [recordedError, config] of [
      [golden[replayed.key('missing_frontend')], { schema_version: 1 }],
      [goldenConfig[replayedConfig.key('missing_frontend')], { schema_version: 1 }],
      [golden[replayed.key('missing_schema')], { frontend: 'x' }],
    ]) {
      const { error, message } = recordedError;
      const spelt = message === 'schemaVersion' ? 'schema_version' : message;
      expect([error, await outcome(() => configured(config))]).toEqual([
        'KeyError',
        await outcome(() => {
          throw Object.assign(new Error(`The configuration has no "${spelt}"`), { name: 'KeyError' });
        }),
      ]);
    }
  });

  test('virtual: null is no name', () => {
    expect(goldenConfig[replayedConfig.key('explicit_none_kept')]).toEqual([1, 'a', null, null]);
    // @ts-expect-error null is no name
    const config: RedSunConfig = { schema_version: 1, frontend: 'a', session: null };
    expect(config.session).toBeNull();
    expect(configured({ schema_version: 1, frontend: 'a', session: undefined }).session).toBe('redsun');
  });

  test('cannot be assigned', () => {
    expect(golden[replayed.key('readonly')].error).toBe('AttributeError');
    const container = configured({ schema_version: 1, frontend: 'a' });
    expect(() => {
      // @ts-expect-error read-only
      container.session = 'q';
    }).toThrow(TypeError);
  });
});

class Base {
  readonly sigBase = new Signal<[number]>();
}
class Own extends Base {
  readonly sigA = new Signal<[number]>();
  readonly sigB = new Signal<[string, number]>();
  readonly notsig = 3;
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

describe('signals', () => {
  test('are registered by owner, in order of their names, and replaced as a whole', () => {
    const container = new VirtualContainer();
    const own = new Own('own');
    container.registerSignals(own);
    const cache = container.signals.get('own');
    const heard: number[] = [];
    expect(
      Object.fromEntries([...container.signals].map(([key, signals]) => [key, [...signals.keys()].sort()])),
    ).toEqual(golden[replayed.key('signals_all')]);
    expect([...(cache?.keys() ?? [])]).toEqual(golden[replayed.key('order')]);
    expect(cache?.get('sigA') === (own.sigA as unknown)).toBe(golden[replayed.key('same_instance')]);
    const { signals } = container;
    expect(container.signals !== signals).toBe(golden[replayed.key('fresh_dict_each_access')]);
    expect(container.signals.get('own') === cache).toBe(golden[replayed.key('inner_cache_same')]);
    cache?.get('sigA')?.connect((value) => heard.push(value as number));
    own.sigA.emit(5);
    expect(heard).toEqual(golden[replayed.key('emit_through')]);
    container.registerSignals(own, { name: 'alias' });
    expect([...container.signals.keys()].sort()).toEqual(golden[replayed.key('alias_keys')]);
    container.registerSignals(own, { name: 'own', only: ['sigB'] });
    expect([...(container.signals.get('own')?.keys() ?? [])]).toEqual(golden[replayed.key('reregister_replaces')]);
    (container.signals as Map<string, never>).clear();
    expect(container.signals.has('injected')).toBe(golden[replayed.key('mutating_result_has_no_effect')]);
    expect(container.signals.size).toBe(2);
  });

  test('virtual: silence is told', () => {
    const log = new LogBuffer();
    const container = new VirtualContainer({ logger: createLogger('container', () => 0, log.write) });
    const own = new Own('own');
    container.registerSignals(own, { name: 'only', only: ['sigA', 'missing', 'notsig'] });
    expect([...(container.signals.get('only')?.keys() ?? [])]).toEqual(golden[replayed.key('only')]);
    container.registerSignals(own, { name: 'none', only: ['missing'] });
    expect(container.signals.has('none')).toBe(golden[replayed.key('only_missing_not_registered')]);
    container.registerSignals(own, { name: 'emptyonly', only: [] });
    expect(container.signals.has('emptyonly')).toBe(golden[replayed.key('only_empty_list_not_registered')]);
    container.registerSignals({ name: 'nosig' });
    expect(container.signals.has('nosig')).toBe(golden[replayed.key('no_signals')]);
    expect(log.records.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warning: only: "missing" is no signal',
      'warning: only: "notsig" is no signal',
      'warning: none: "missing" is no signal',
      'warning: none: there are no signals to register',
      'warning: emptyonly: there are no signals to register',
      'warning: nosig: there are no signals to register',
    ]);
  });

  test('virtual: names are checked', async () => {
    const container = new VirtualContainer();
    const nameless = { s: new Signal() } as unknown as Named;
    const refused = (got: unknown) => ({
      error: 'TypeError',
      message: `A name must be a text that is not empty, got ${got}`,
    });
    expect(golden[replayed.key('no_name')].error).toBe('AttributeError');
    expect(await outcome(() => container.registerSignals(nameless))).toEqual(refused('undefined'));
    expect(await outcome(() => container.registerSignals(nameless, { name: 'nn' }))).toEqual(
      golden[replayed.key('no_name_with_name')],
    );
    const odd = { name: 'has space-dash', s: new Signal() };
    expect([await outcome(() => container.registerSignals(odd)), container.signals.has('has space-dash')]).toEqual(
      golden[replayed.key('odd_key')],
    );
    expect(golden[replayed.key('nonstr_key')].error).toBe('TypeError');
    const numbered = { name: 5, s: new Signal() } as unknown as Named;
    expect(await outcome(() => container.registerSignals(numbered))).toEqual(refused(5));
  });
});

class Router extends DocumentRouter {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}
class Called {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  onDocument(_name: unknown, _doc: unknown): void {}
}
class OneParameter extends Called {
  override onDocument(_doc: unknown): void {}
}
class ThreeParameters extends Called {
  // @ts-expect-error a third parameter that nobody gives
  override onDocument(_a: unknown, _b: unknown, _c: unknown): void {}
}
class OptionalThird extends Called {
  override onDocument(_a: unknown, _b: unknown, _c = 1): void {}
}
class RestParameters extends Called {
  override onDocument(..._all: unknown[]): void {}
}
class Nameable {
  readonly name = 'n';
  toString(): string {
    return '<N>';
  }
}

describe('callbacks', () => {
  const { callbacks } = golden;
  replayed.key('callbacks');
  const key = (name: string): Json => callbacks[replayedCallbacks.key(name)];
  const callback = (value: unknown) => value as CallbackType;
  const both = () => {};
  const two = (_name: unknown, _doc: unknown) => {};

  test('are taken when they can be called with name and document', async () => {
    const container = new VirtualContainer();
    const register = (owner: unknown, options = {}) =>
      outcome(() => container.registerCallbacks(owner as Named, options));
    for (const [name, type] of [
      ['R', Router],
      ['C', Called],
      ['CBad', OneParameter],
      ['C3', ThreeParameters],
      ['COpt', OptionalThird],
      ['CVar', RestParameters],
    ] as const) {
      expect([name, await register(new type(name))]).toEqual([name, key(name)]);
    }
    expect(await register(new Nameable())).toEqual(key('not_callable'));
    const has = (name: string) => container.callbacks.has(name);

    const over = new Called('zz');
    await register(over, { name: 'over' });
    expect([has('over'), has('zz'), container.callbacks.get('over') === over]).toEqual(key('override'));
    const map = { f: two, r: new Router('r1') };
    expect([await register(new Nameable(), { callbackMap: map }), has('f'), has('r'), has('n')]).toEqual(key('map'));
    const ignored = { name: 'ign', callbackMap: { g: two } };
    expect([await register(new Called('own'), ignored), has('ign'), has('own')]).toEqual(key('map_ignores_name'));
    expect([await register(new Called('emp'), { callbackMap: {} }), has('emp')]).toEqual(key('map_empty'));
    expect(await register(new Nameable(), { callbackMap: { x: callback(5) } })).toEqual(key('map_noncallable'));
    const replacement = new Called('over');
    await register(replacement, { name: 'over' });
    expect(container.callbacks.get('over') === replacement).toBe(key('replace'));
    const bound = { bm: over.onDocument };
    expect(await register(new Nameable(), { callbackMap: bound })).toEqual(key('bound_method'));
    expect(await register(new Nameable(), { callbackMap: { p: callback(console.log) } })).toEqual(key('print_builtin'));
    const type = await register(new Nameable(), { callbackMap: { cls: callback(Router) } });
    expect(JSON.stringify(type)).toBe(JSON.stringify(key('class_itself')).replace('"R ', '"Router '));
    const { callbacks: copy } = container;
    expect(container.callbacks !== copy).toBe(key('fresh_dict'));
    expect(await register(two, { name: 'lam' })).toEqual(key('no_name_owner_named'));
    // Order of registration; without what only Python takes (CKwOpt, l) and what its halves leave behind (ok1, bad, ok2).
    const pythonOnly = ['CKwOpt', 'ok1', 'bad', 'ok2', 'l'];
    const order = (key('final_keys') as string[]).filter((name) => !pythonOnly.includes(name));
    expect([...container.callbacks.keys()]).toEqual(order);
    expect(key('registered')).toEqual(['R', 'C', 'COpt', 'CVar', 'CKwOpt']);
  });

  test('virtual: names are checked (callbacks)', async () => {
    expect((key('no_name_owner') as { error: string }).error).toBe('AttributeError');
    const anonymous = [both].map((_) => () => {})[0];
    expect(await outcome(() => new VirtualContainer().registerCallbacks(anonymous as unknown as Named))).toEqual({
      error: 'TypeError',
      message: 'A name must be a text that is not empty, got ',
    });
  });

  test('virtual: functions are checked', async () => {
    expect(key('lambda3')).toEqual({ ok: null });
    const container = new VirtualContainer();
    const three = (_a: unknown, _b: unknown, _c: unknown) => {};
    const refused = expect.objectContaining({ error: 'TypeError', message: expect.stringContaining('not compatible') });
    for (const bad of [three, (_doc: unknown) => {}]) {
      expect(
        await outcome(() => container.registerCallbacks(new Nameable(), { callbackMap: { l: callback(bad) } })),
      ).toEqual(refused);
    }
    expect(container.callbacks.size).toBe(0);
  });

  test('virtual: all or nothing', async () => {
    expect(key('map_partial_failure')).toEqual([{ ok: null }, true, true, true]);
    const container = new VirtualContainer();
    const callbackMap = { ok1: two, bad: callback((_doc: unknown) => {}), ok2: two };
    expect(await outcome(() => container.registerCallbacks(new Nameable(), { callbackMap }))).toMatchObject({
      error: 'TypeError',
    });
    expect([...container.callbacks.keys()]).toEqual([]);
  });

  test('virtual: keyword arguments', () => {
    expect((key('CKw') as { error: string }).error).toBe('TypeError');
    expect(key('CKwOpt')).toEqual({ ok: null });
    // Nothing of the kind can be written here: a callback has parameters by place only.
    expect(new Called('x').onDocument.length).toBe(2);
  });
});

describe('what parts have for each other', () => {
  test('virtual: typed providers', async () => {
    const container = new VirtualContainer();
    const thing: ProviderKey<{ a: number }> = { name: 'thing' };
    container.provide(thing, { a: 1 });
    expect(container.require(thing)).toEqual(golden[replayed.key('provider_set_get')]);
    expect(container.provided).toEqual(golden[replayed.key('providers_listing')]);
    expect(golden[replayed.key('provider_missing')].error).toBe('AttributeError');
    expect(await outcome(() => container.require({ name: 'nothere' }))).toEqual({
      error: 'KeyError',
      message: 'Nobody provides "nothere"',
    });
    expect(container.tryRequire({ name: 'nothere' })).toBeUndefined();
    // @ts-expect-error the key says what comes out
    const wrong: string = container.require(thing);
    expect(wrong).toEqual({ a: 1 });
  });

  test('is told by their methods', () => {
    const [p, i, h] = [{ registerProviders() {} }, { injectDependencies() {} }, { shutdown() {} }];
    expect({
      IsProvider: [isProvider(p), isProvider(i)],
      IsInjectable: [isInjectable(i), isInjectable(p)],
      HasShutdown: [hasShutdown(h), hasShutdown(p)],
    }).toEqual(golden[replayed.key('protocols')]);
  });
});

// How a session is built and ended, against redsun 0.7.2 (headless), recorded in golden_app.json.
// Keys in EQUAL have the reference's value here; keys in DEVIATIONS have a behaviour of our own, with its row in docs/deviations-sunflare.md.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSession } from '../../src/main/host/building/read-session.ts';
import { SessionFileError } from '../../src/main/session/load-session.ts';
import { StaticFilenameProvider, StaticPathProvider } from '../../src/sdk/storage/index.ts';
import { asError } from '../../src/sdk/util/index.ts';
import { item, root, temporaryFolder, testHost } from '../host/test-host.ts';

type Events = unknown[][];
const golden = JSON.parse(await readFile(join(import.meta.dirname, 'sunflare', 'golden_app.json'), 'utf8'));
const EVENTS = Symbol.for('redsun.test.my-plugin.events');

const MANIFEST = `
name: my-plugin
version: 1.0.0
devices:
  cam: "./my-plugin.ts:Cam"
  plain: "./my-plugin.ts:Plain"
  broken: "./my-plugin.ts:Broken"
  missingcls: "./my-plugin.ts:Nope"
presenters:
  ctrl: "./my-plugin.ts:Ctrl"
  bad: "./my-plugin.ts:BadShut"
  notp: "./my-plugin.ts:NotAPresenter"
  broken: "./my-plugin.ts:BrokenCtrl"
views: {w: "./w.tsx:W"}
`;
const SOURCE = `
import { Device } from 'redsun/sdk/device';
import { Presenter } from 'redsun/sdk/presenter';
import { StorageDescriptor, withStorage } from 'redsun/sdk/storage';
import { Signal } from 'redsun/sdk/virtual';

const events = (globalThis[Symbol.for('redsun.test.my-plugin.events')] ??= []);

export class Plain extends Device {
  constructor(name, options) {
    super(name);
    events.push(['device', name, options]);
  }
  describeConfiguration() { return {}; }
  readConfiguration() { return {}; }
  shutdown() { events.push(['shutdown', this.name]); }
}
export class Cam extends withStorage(Plain) {}
export class Broken extends Plain {
  constructor(name, options) {
    super(name, options);
    events.pop();
    throw new Error('no hardware');
  }
}
export class Ctrl extends Presenter {
  readonly sigX = new Signal();
  constructor(name, devices, options) {
    super(name, devices);
    events.push(['presenter', name, [...devices.keys()].sort(), options]);
  }
  registerProviders(container) {
    events.push(['register_providers', this.name]);
    container.registerSignals(this);
  }
  injectDependencies(container) { events.push(['inject', this.name, [...container.signals.keys()].sort()]); }
  shutdown() { events.push(['shutdown', this.name]); }
}
export class BadShut extends Ctrl {
  shutdown() { super.shutdown(); throw new Error('x'); }
}
export class BrokenCtrl extends Presenter {
  constructor(name, devices) {
    super(name, devices);
    throw new Error('bad ctrl');
  }
}
export class NotAPresenter {}
`;

const HEAD = 'schema_version: 1\nfrontend: electron\nsession: demo\n';
const FULL = `${HEAD}metadata: {lab: x}
devices:
  cam1: {plugin_name: my-plugin, plugin_id: cam, exposure: 5}
  stage: {plugin_name: my-plugin, plugin_id: plain}
  dead: {plugin_name: my-plugin, plugin_id: broken}
presenters:
  c1: {plugin_name: my-plugin, plugin_id: ctrl, gain: 2}
  c2: {plugin_name: my-plugin, plugin_id: bad}
`;

async function bundleFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'my-plugin'));
  await writeFile(join(folder, 'my-plugin', 'redsun.yaml'), MANIFEST);
  await writeFile(join(folder, 'my-plugin', 'my-plugin.ts'), SOURCE);
  return folder;
}

async function build(session: string) {
  const events: Events = [];
  Reflect.set(globalThis, EVENTS, events);
  const host = await testHost(session, { bundleFolders: [await bundleFolder()] });
  const told = () => host.services.log.records.map(({ level, source, message }) => `${level} ${source}: ${message}`);
  return { host, events, told };
}

async function problems(session: string): Promise<string> {
  const folder = await temporaryFolder();
  const sessionPath = join(folder, 'c.yaml');
  await writeFile(sessionPath, session);
  const options = { sessionPath, bundleFolders: [await bundleFolder()], version: '0.0.0', drivers: {} };
  return readSession(options).then(
    () => '',
    (error: unknown) => {
      expect(error).toBeInstanceOf(SessionFileError);
      return asError(error).message;
    },
  );
}

const withoutViews = (events: Events) =>
  events
    .filter(([kind, name]) => kind !== 'view' && name !== 'w1')
    .map((event) => event.map((part) => (Array.isArray(part) ? part.filter((name) => name !== 'w1') : part)));

/** Golden keys that a test below replays with the reference's own value. */
const EQUAL = [
  'build_events',
  'presenters',
  'vc',
  'shutdown_again',
  'minimal',
  'static_cfg',
  'static_default_filename',
];
/** Golden keys where the row of docs/deviations-sunflare.md with this title holds. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  config_attr: 'app: the session file is parsed whole',
  devices_before_build: 'app: nothing is there before it is built',
  vc_before_build: 'app: nothing is there before it is built',
  build_returns_self: 'app: nothing is there before it is built',
  rebuild: 'app: nothing is there before it is built',
  is_built_after: 'app: nothing is there before it is built',
  pending_instance: 'app: nothing is there before it is built',
  build_logs: 'app: log lines name the part',
  devices_after_failed_device: 'app: a failed device is left out',
  views: 'app: views of bundles',
  storage: 'app: run folders',
  shutdown_logs: 'app: everything is shut down, last built first',
  shutdown_events_presenters_only: 'app: everything is shut down, last built first',
  unknown_frontend: 'app: all mistakes of a session at once',
  no_frontend_defaults_pyqt: 'app: all mistakes of a session at once',
  empty_file: 'app: all mistakes of a session at once',
  unknown_plugin: 'app: all mistakes of a session at once',
  unknown_id: 'app: all mistakes of a session at once',
  missing_plugin_id: 'app: all mistakes of a session at once',
  bad_class_path: 'app: a bundle with a bad manifest',
  missing_class: 'app: a class that is not there',
  not_protocol: 'app: a part that is none',
  broken_presenter: 'app: a broken presenter is left out',
  storage_unknown_backend: 'app: all mistakes of a session at once',
  storage_unknown_provider_falls_to_uuid: 'app: all mistakes of a session at once',
  unknown_provider_uuid: 'app: all mistakes of a session at once',
  declarative: 'app: one way to write a session',
  inherit: 'app: one way to write a session',
  component_repr: 'app: one way to write a session',
  from_config_field: 'app: one way to write a session',
  from_config_without_path: 'app: one way to write a session',
  config_missing_required: 'app: all mistakes of a session at once',
  config_not_mapping: 'app: all mistakes of a session at once',
};

test('every recorded value is either replayed or a listed deviation', async () => {
  expect([...EQUAL, ...Object.keys(DEVIATIONS)].sort()).toEqual(Object.keys(golden).sort());
  const listed = await readFile(join(root, 'docs', 'deviations-sunflare.md'), 'utf8');
  expect(Object.values(DEVIATIONS).filter((title) => !listed.includes(`| ${title} |`))).toEqual([]);
});

describe('building', () => {
  test('devices, then presenters, then providers, then injection: the order and the options of the reference', async () => {
    const { host, events } = await build(FULL);
    expect(events).toEqual(withoutViews(golden.build_events));
    expect([...host.services.container.signals.keys()].filter((name) => golden.presenters.includes(name))).toEqual(
      golden.presenters,
    );
  });

  test('the container knows the session and its signals; metadata is passed on', async () => {
    const { container, engine } = (await build(FULL)).host.services;
    const own = new Map(Object.entries(golden.vc.signals).filter(([name]) => name !== 'w1'));
    expect([...own].map(([name]) => [name, [...(container.signals.get(name)?.keys() ?? [])]])).toEqual([...own]);
    expect([container.schemaVersion, container.session]).toEqual([golden.vc.schema_version, golden.vc.session]);
    expect([golden.vc.metadata_dropped, container.metadata]).toEqual([{}, { lab: 'x' }]);
    expect(engine.md).toMatchObject({ lab: 'x' });
  });

  test('a session without parts is built', async () => {
    const { host } = await build(HEAD);
    expect(golden.minimal.result.ok.devices).toEqual([]);
    expect([...host.services.roster.devices.keys()]).toEqual([]);
  });

  test('app: a failed device is left out', async () => {
    const { host, told } = await build(FULL);
    expect(golden.devices_after_failed_device.error).toBe('RuntimeError');
    expect([...host.services.roster.devices.keys()]).toEqual(['cam1', 'stage']);
    expect(host.services.roster.states.get('dead')?.state).toMatchObject({ kind: 'failed' });
    expect(golden.build_logs).toContainEqual(['ERROR', "Failed to build device 'dead': no hardware"]);
    expect(told()).toContain('error dead: Failed: no hardware');
  });

  test('app: a broken presenter is left out', async () => {
    const { host, told } = await build(
      `${HEAD}presenters: {a: {plugin_name: my-plugin, plugin_id: broken}, c1: {plugin_name: my-plugin, plugin_id: ctrl}}`,
    );
    expect(golden.broken_presenter.result.error).toBe('ValueError');
    expect(told()).toContain('error a: Failed: bad ctrl');
    expect([...host.services.container.signals.keys()]).toContain('c1');
  });

  test('app: a part that is none', async () => {
    const { told } = await build(`${HEAD}presenters: {a: {plugin_name: my-plugin, plugin_id: notp}}`);
    expect(golden.not_protocol.logs).toEqual([
      ['ERROR', "<class 'my_plugin.NotAPresenter'> exists, but does not implement any known protocol."],
    ]);
    expect(told()).toContain('error a: Failed: my-plugin:notp is no presenter: it lacks name or devices');
  });

  test('app: a class that is not there', async () => {
    const { host, told } = await build(`${HEAD}devices: {a: {plugin_name: my-plugin, plugin_id: missingcls}}`);
    expect(golden.missing_class.result.error).toBe('AttributeError');
    expect(host.services.roster.states.get('a')?.state).toMatchObject({ kind: 'failed', code: 'plugin/no-export' });
    expect(told()).toContain('error a: Failed: my-plugin: ./my-plugin.ts exports no "Nope"');
  });

  test('app: a bundle with a bad manifest', async () => {
    const folder = await bundleFolder();
    await writeFile(
      join(folder, 'my-plugin', 'redsun.yaml'),
      MANIFEST.replace('./my-plugin.ts:Plain', 'my_plugin.Plain'),
    );
    const host = await testHost(HEAD, { bundleFolders: [folder] });
    expect(golden.bad_class_path.logs[0][0]).toBe('ERROR');
    expect(host.failedBundles.map(({ error }) => error.code)).toEqual(['plugin/manifest']);
    expect(host.failedBundles[0]?.error.message).toContain('devices.plain: expected a place such as');
  });
});

describe('storage', () => {
  test('app: run folders', async () => {
    const { host } = await build(FULL);
    const { roster, storage } = host.services;
    const { writer } = storage;
    expect(golden.storage.type).toBe('ZarrWriter');
    expect([writer.constructor.name, writer.name]).toEqual(['ZarrWriter', 'zarr']);
    expect(Reflect.get(roster.devices.get('cam1') ?? {}, 'storage')).toBe(writer);
    expect('storage' in (roster.devices.get('stage') ?? {})).toBe(false);
    // The reference skips a number per device and begins at 0 each time it starts.
    expect(golden.storage.pathinfo.map(({ store_uri: uri }: { store_uri: string }) => uri.slice(-5))).toEqual([
      '00000',
      '00001',
    ]);
  });

  test('runs are numbered on after those on the disk', async () => {
    const host = await testHost();
    const folders: string[] = [];
    for (let run = 0; run < 2; run++) {
      const { place, outcome } = await host.runs.start(item('count', { num: 1 }, [['camera']]));
      await outcome;
      folders.push(place.id.slice(11));
    }
    expect(folders).toEqual(['count_0001', 'count_0002']);
  });

  test('a static name gives one store for all runs, as the reference does', () => {
    const paths = (filename?: string) =>
      new StaticPathProvider(new StaticFilenameProvider(filename ?? 'scan'), 'file://<tmp>/st').pathInfo('cam');
    expect(inSnakeCase(paths('f1'))).toEqual(golden.static_cfg);
    expect(inSnakeCase(paths())).toEqual(golden.static_default_filename);
  });
});

describe('ending', () => {
  test('app: everything is shut down, last built first', async () => {
    const { host, events, told } = await build(FULL);
    events.length = 0;
    await host.close();
    expect(golden.shutdown_events_presenters_only).toEqual([
      ['shutdown', 'c1'],
      ['shutdown', 'c2'],
    ]);
    expect(events).toEqual([
      ['shutdown', 'c2'],
      ['shutdown', 'c1'],
      ['shutdown', 'stage'],
      ['shutdown', 'cam1'],
    ]);
    expect(golden.shutdown_logs[0]).toEqual(['ERROR', "Error shutting down presenter 'c2': x"]);
    expect(told()).toContain('error c2: While shutting down: x');
  });

  test('ending twice is ending once', async () => {
    const { host, events } = await build(FULL);
    await host.close();
    events.length = 0;
    await host.close();
    expect(events).toEqual(golden.shutdown_again);
  });
});

describe('app: all mistakes of a session at once', () => {
  const part = 'devices: {a: {plugin_name: my-plugin, plugin_id: cam}}';
  test.each([
    ['unknown_frontend', 'schema_version: 1\nfrontend: web\n', 'c.yaml:2:11 frontend: expected electron, got "web"'],
    ['no_frontend_defaults_pyqt', 'schema_version: 1\n', 'frontend: expected'],
    ['empty_file', '', 'c.yaml:1:1'],
    [
      'unknown_plugin',
      `${HEAD}devices: {a: {plugin_name: nope, plugin_id: cam}}`,
      'devices.a.plugin_name: expected one of the bundles redsun, my-plugin, got "nope"',
    ],
    [
      'unknown_id',
      `${HEAD}devices: {a: {plugin_name: my-plugin, plugin_id: nope}}`,
      'devices.a.plugin_id: expected one of cam, plain, broken, missingcls of my-plugin, got "nope"',
    ],
    [
      'missing_plugin_id',
      `${HEAD}devices: {a: {plugin_name: my-plugin}}`,
      'devices.a.plugin_id: expected a text, got nothing',
    ],
    ['storage_unknown_backend', `${HEAD}storage: {backend: tiff}\n${part}`, 'storage.backend: expected'],
    [
      'storage_unknown_provider_falls_to_uuid',
      `${HEAD}storage: {filename_provider: what}\n${part}`,
      'storage.filename_provider: expected',
    ],
    ['unknown_provider_uuid', `${HEAD}storage: {filename_provider: what}`, 'storage.filename_provider: expected'],
    ['config_missing_required', 'devices: {}\n', 'schema_version: expected'],
    ['config_not_mapping', '- a\n', 'c.yaml:1:1'],
  ])('%s', async (key, session, expected) => {
    expect(golden).toHaveProperty([key]);
    expect(await problems(session)).toContain(expected);
  });
});

describe('app: nothing is there before it is built', () => {
  test('a host that could not be built gives nothing and leaves nothing open', async () => {
    const broken = await build(`${HEAD}devices: {a: {plugin_name: nope, plugin_id: x}}`).catch(asError);
    expect(golden.devices_before_build.message).toBe('Container not built. Call build() first.');
    expect(broken).toBeInstanceOf(SessionFileError);
    // The lock of the session's folder was not taken: the next one can be built.
    expect((await build(HEAD)).host.services.roster.devices.size).toBe(0);
  });
});

describe('app: views of bundles', () => {
  test('are refused in words', async () => {
    expect(golden.views).toEqual(['w1']);
    const session = `${HEAD}views: {w1: {plugin_name: my-plugin, plugin_id: w, title: t}}`;
    expect(await problems(session)).toContain('views of other bundles cannot be shown yet');
  });
});

describe('app: the session file is parsed whole', () => {
  test('defaults are filled in, metadata kept', async () => {
    const { file } = (await build(FULL)).host.services.session;
    expect(golden.config_attr).toEqual({
      schema_version: 1,
      session: 'demo',
      frontend: 'pyqt',
      storage: { backend: 'zarr' },
    });
    expect(file).toMatchObject({
      schema_version: 1,
      session: 'demo',
      metadata: { lab: 'x' },
      storage: {},
      auto_shutter: true,
    });
  });
});

describe('app: one way to write a session', () => {
  test('options of a part stand in the session file and reach its constructor; a null section is told', async () => {
    expect(golden.declarative.devices).toEqual(['cam', 'renamed']);
    const { events } = await build(
      `${HEAD}devices: {cam: {plugin_name: my-plugin, plugin_id: cam, exposure: 3, a: 1}}`,
    );
    expect(events).toEqual([golden.from_config_field.events[0]]);
    expect(await problems(`${HEAD}devices: {nul: null}`)).toContain('devices.nul: expected');
  });
});

function inSnakeCase(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), one]),
  );
}

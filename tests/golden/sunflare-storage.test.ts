// Path providers and the writer, against sunflare 0.11.1, recorded in golden_providers.json and golden_writer.json.
import { afterAll, describe, expect, test } from 'vitest';
import { Device } from '../../src/sdk/device/index.ts';
import type { StreamAsset } from '../../src/sdk/events/index.ts';
import { createLogger, LogBuffer } from '../../src/sdk/log/index.ts';
import {
  AutoIncrementFilenameProvider,
  type FilenameProvider,
  type FrameMeta,
  FrameSink,
  hasStorage,
  isFilenameProvider,
  isPathProvider,
  isStorageProxy,
  newSourceInfo,
  PathInfo,
  type PixelArray,
  type SourceInfo,
  StaticFilenameProvider,
  StaticPathProvider,
  StorageDescriptor,
  UUIDFilenameProvider,
  Writer,
  withStorage,
} from '../../src/sdk/storage/index.ts';
import { ValueError } from '../../src/sdk/util/index.ts';
import { inCamelCase, listedDeviations, numberUids, outcome, plain, Replayed, recorded, text } from './replay.ts';

const DEVIATIONS = [
  'storage: providers are objects',
  'storage: a path is a value',
  'storage: three slashes stay',
  'storage: KeyError says what is unknown',
  'storage: finalized once',
  'storage: closed after a failed end',
  'storage: the slot takes storage only',
  'storage: abstract classes',
];
test('each deviation has its row', async () => {
  const listed = await listedDeviations();
  expect(DEVIATIONS.filter((title) => !listed.includes(`| ${title} |`))).toEqual([]);
});

describe('providers', async () => {
  const golden = await recorded('golden_providers');
  const replayed = new Replayed(golden);
  afterAll(() => expect(replayed.forgotten).toEqual([]));
  const fields = ({ storeUri, arrayKey, capacity, mimetypeHint, extra }: PathInfo) => ({
    store_uri: storeUri,
    array_key: arrayKey,
    capacity,
    mimetype_hint: mimetypeHint,
    extra,
  });
  const names = (provider: FilenameProvider, devices: (string | null | undefined)[]) =>
    devices.map((device) => provider.filename(device));

  test('a static name is always the same, even when it is empty', () => {
    const provider = new StaticFilenameProvider('scan001');
    expect(names(provider, [undefined, 'camera', null, 'x'])).toEqual(golden[replayed.key('static')]);
    expect(new StaticFilenameProvider('').filename()).toBe(golden[replayed.key('static_empty')]);
  });

  test('a uuid is of version 4, lower case and new each time', () => {
    const provider = new UUIDFilenameProvider();
    const [a = '', b = ''] = names(provider, [undefined, 'cam']);
    const variant = '89ab'.includes(a.charAt(19)) ? 'specified in RFC 4122' : 'another';
    expect({
      len: a.length,
      version: Number(a[14]),
      distinct: a !== b,
      lowercase: a === a.toLowerCase(),
      variant,
    }).toEqual(golden[replayed.key('uuid')]);
  });

  test('numbers go up, in every recorded way of counting', async () => {
    const cases: Record<string, { kwargs: Record<string, unknown>; seq: unknown[] }> = golden[replayed.key('auto')];
    for (const [name, { kwargs, seq }] of Object.entries(cases)) {
      const provider = new AutoIncrementFilenameProvider(inCamelCase(kwargs));
      const ours: unknown[] = [];
      for (const _ of seq) ours.push(await outcome(() => provider.filename()));
      expect([name, ours]).toEqual([name, seq]);
    }
  });

  test('a counter that has overflown stays so', async () => {
    const provider = new AutoIncrementFilenameProvider({ base: 'x', maxDigits: 1, start: 9 });
    const ours: unknown[] = [];
    for (let i = 0; i < 3; i++) ours.push(await outcome(() => provider.filename()));
    expect(ours).toEqual(golden[replayed.key('overflow_is_sticky')]);
  });

  test('devices share one count', () => {
    expect(names(new AutoIncrementFilenameProvider(), ['a', 'b', 'a'])).toEqual(
      golden[replayed.key('counter_shared_across_devices')],
    );
  });

  test('a path has defaults, and is equal by value', () => {
    expect(fields(new PathInfo('file:///d', 'cam'))).toEqual(golden[replayed.key('pathinfo_defaults')]);
    expect(golden[replayed.key('pathinfo_eq')]).toBe(true);
    expect(new PathInfo('a', 'b')).toEqual(new PathInfo('a', 'b'));
    const [one, two] = [new PathInfo('a', 'b'), new PathInfo('a', 'b')];
    expect(one.extra !== two.extra).toBe(golden[replayed.key('pathinfo_extra_not_shared')]);
  });

  test('storage: a path is a value', () => {
    expect(golden[replayed.key('pathinfo_missing')].error).toBe('TypeError');
    // @ts-expect-error an array key is required
    new PathInfo('x');
    expect(golden[replayed.key('pathinfo_mutable')]).toBe(4);
    // @ts-expect-error a path does not change once it is given out
    new PathInfo('a', 'b').capacity = 4;
  });

  test('paths are put together, in every recorded way', () => {
    const { root, auto, ...cases } = golden[replayed.key('path')];
    const at = (name: string, base: string, device?: string | null, options = {}) =>
      fields(new StaticPathProvider(new StaticFilenameProvider(name), base, options).pathInfo(device));
    expect({
      basic: at('scan001', 'file:///data', 'camera'),
      slash: at('scan', 'file:///data/', 'det'),
      slashes: at('scan', 'file:///data///', 'det'),
      none: at('scan', 'file:///data', null),
      noarg: at('scan', 'file:///data'),
      empty_dev: at('scan', 'file:///data', ''),
      cap: at('s', 'file:///d', 'x', { capacity: 50, mimetypeHint: 'm/x' }),
      empty_base: at('s', '', 'x'),
    }).toEqual(cases);
    const counting = new StaticPathProvider(new AutoIncrementFilenameProvider({ base: 'scan' }), 's3://bucket/p/');
    expect(['a', 'b', null].map((device) => fields(counting.pathInfo(device)))).toEqual(auto);
  });

  test('storage: three slashes stay', () => {
    expect(golden.path.root.store_uri).toBe('file:/scan');
    const { storeUri } = new StaticPathProvider(new StaticFilenameProvider('scan'), 'file:///').pathInfo('det');
    expect(storeUri).toBe('file:///scan');
    expect(new URL(storeUri).pathname).toBe('/scan');
  });

  test('the filename provider hears of the device, once per call', () => {
    const heard: (string | null)[] = [];
    const provider: FilenameProvider = {
      filename: (device) => {
        heard.push(device ?? null);
        return `f-${device}`;
      },
    };
    new StaticPathProvider(provider, 'file:///d').pathInfo('cam');
    new StaticPathProvider(provider, 'file:///d').pathInfo();
    expect(heard).toEqual(golden[replayed.key('filename_provider_receives')]);
  });

  test('storage: providers are objects', () => {
    const { lambda_is_FilenameProvider: lambda, ...same } = golden[replayed.key('protocol')];
    expect({
      static_is_FilenameProvider: isFilenameProvider(new StaticFilenameProvider('x')),
      StaticPathProvider_is_PathProvider: isPathProvider(new StaticPathProvider(new StaticFilenameProvider('x'), '')),
      object: isFilenameProvider({}),
    }).toEqual(same);
    expect([lambda, isFilenameProvider(() => '')]).toEqual([true, false]);
  });
});

type Call = (string | number | boolean)[];

/** The writer of the recordings: notes which hooks are called, keeps nothing. */
class TestWriter extends Writer {
  readonly calls: Call[] = [];

  constructor(log?: LogBuffer) {
    super('w', log ? { logger: createLogger('w', () => 0, log.write) } : {});
  }
  get mimetype(): string {
    return 'application/x-test';
  }
  get path(): string {
    return this.storePath;
  }
  override prepare(name: string, capacity = 0): FrameSink {
    const sink = super.prepare(name, capacity);
    this.storePath = 'file:///tmp/test.zarr';
    this.calls.push(['prepare', name, capacity]);
    return sink;
  }
  override kickoff(): Promise<void> {
    this.calls.push(['kickoff', this.isOpen]);
    return super.kickoff();
  }
  protected override storeFrame({ name }: SourceInfo, frame: PixelArray, _meta: FrameMeta): void {
    if (frame.length === 0) throw new ValueError('no frame');
    this.calls.push(['write', name]);
  }
  protected override openStore(): void {}
  protected override finalize(): void | Promise<void> {
    this.calls.push(['finalize', this.isOpen]);
  }
  override async ready(): Promise<void> {}
  override async acknowledged(): Promise<void> {}
  protected override acknowledgedOf(source: SourceInfo): number {
    return source.framesWritten;
  }
}

describe('the writer', async () => {
  const golden = await recorded('golden_writer');
  const replayed = new Replayed(golden);
  afterAll(() => expect(replayed.forgotten).toEqual([]));
  const info = (source: SourceInfo | undefined) => {
    if (!source) throw new Error('no such source');
    const { dataKey, framesWritten, collectionCounter, streamResourceUid, ...rest } = source;
    return {
      ...rest,
      data_key: dataKey,
      frames_written: framesWritten,
      collection_counter: collectionCounter,
      uid_len: streamResourceUid.length,
    };
  };
  const frame = new Uint8Array(4);
  const declared = (...names: string[]) => {
    const writer = new TestWriter();
    for (const name of names) writer.updateSource(name, 'uint8', [1, 1]);
    return writer;
  };

  test('storage: abstract classes', () => {
    expect(golden[replayed.key('abstract')].error).toBe('TypeError');
    // @ts-expect-error the base class cannot be made
    expect(() => new Writer('x')).toThrow(new TypeError("Can't instantiate abstract class Writer"));
  });

  test('is closed and empty at first; sources can be declared, replaced and looked at as they change', () => {
    const log = new LogBuffer();
    const writer = new TestWriter(log);
    expect({
      is_open: writer.isOpen,
      name: writer.name,
      mimetype: writer.mimetype,
      sources: [...writer.sources.keys()],
      indices: writer.getIndicesWritten(),
    }).toEqual(golden[replayed.key('initial')]);
    writer.updateSource('cam', 'uint8', [4, 6], { units: 'um' });
    expect(info(writer.sources.get('cam'))).toEqual(golden[replayed.key('source_info')]);
    writer.updateSource('cam', 'uint16', [2, 2]);
    expect(info(writer.sources.get('cam'))).toEqual(golden[replayed.key('source_info_updated')]);
    const { sources } = writer;
    writer.updateSource('late', 'uint8', [1]);
    expect([...sources.keys()]).toEqual(golden[replayed.key('sources_live_view')]);
    expect(golden[replayed.key('sources_readonly')].error).toBe('AttributeError');
    expect(golden[replayed.key('sources_readonly2')].error).toBe('TypeError');
    // @ts-expect-error what is declared is changed by the writer only
    sources.set;
    const lines = log.records.map(({ level, source, message }) => [level.toUpperCase(), 'MW', source, text(message)]);
    expect(lines).toEqual(golden[replayed.key('logs_update')].map((line: string[]) => line.map((part) => text(part))));
  });

  test('storage: KeyError says what is unknown', async () => {
    const log = new LogBuffer();
    const writer = new TestWriter(log);
    for (const name of ['cam', 'late']) writer.updateSource(name, 'uint8', [1]);
    const before = log.records.length;
    const unknown = (name: string) => ({ error: 'KeyError', message: `Unknown source '${name}'` });
    expect(await outcome(() => writer.clearSource('nope'))).toEqual(golden[replayed.key('clear_missing')]);
    expect(golden[replayed.key('clear_missing_raise')]).toEqual({ error: 'KeyError', message: 'nope' });
    expect(await outcome(() => writer.clearSource('nope', { raiseIfMissing: true }))).toEqual(unknown('nope'));
    expect(golden[replayed.key('clear_positional_flag')].error).toBe('TypeError');
    // @ts-expect-error the flag has a name
    () => writer.clearSource('nope', true);
    expect([await outcome(() => writer.clearSource('late')), [...writer.sources.keys()]]).toEqual(
      golden[replayed.key('clear')],
    );
    expect(
      log.records.slice(before).map(({ level, source, message }) => [level.toUpperCase(), 'MW', source, message]),
    ).toEqual(golden[replayed.key('logs_clear')]);
    for (const [key, action] of [
      ['prepare_unknown', () => writer.prepare('zzz')],
      ['reset_unknown', () => writer.resetCollectionState('zzz')],
      ['sink_unknown_source_write', () => new FrameSink(writer, 'nope').write(frame)],
    ] as const) {
      const { error, message } = golden[replayed.key(key)];
      expect([key, await outcome(action)]).toEqual([key, unknown(message)]);
      expect(error).toBe('KeyError');
    }
    expect(await outcome(() => writer.getIndicesWritten('zzz'))).toEqual(golden[replayed.key('indices_unknown')]);
    expect(golden[replayed.key('collect_unknown_lazy')]).toEqual({ ok: 'generator' });
    const documents = writer.collectStreamDocs('zzz', 1);
    expect(await outcome(() => [...documents])).toEqual(golden[replayed.key('collect_unknown_iter')]);
  });

  test('goes through the recorded acquisition with two cameras, step by step', async () => {
    const writer = new TestWriter();
    writer.updateSource('camA', 'uint8', [2, 2]);
    writer.updateSource('camB', 'uint16', [3, 2]);
    const docs = (name: string, frames: number) =>
      [...writer.collectStreamDocs(name, frames)].map((asset: StreamAsset) => [asset.name, asset.doc]);
    const steps: unknown[] = [];
    const a = writer.prepare('camA', 5);
    const b = writer.prepare('camB');
    steps.push(['docs before kickoff', docs('camA', 3)]);
    await writer.kickoff();
    await writer.kickoff();
    steps.push(['is_open', writer.isOpen]);
    steps.push(['update while open', await outcome(() => writer.updateSource('x', 'uint8', [1, 1]))]);
    steps.push(['clear while open', await outcome(() => writer.clearSource('camA'))]);
    steps.push(['clear missing while open', await outcome(() => writer.clearSource('nope'))]);
    for (let i = 0; i < 3; i++) a.write(frame);
    b.write(frame);
    const indices = (name?: string | null) => writer.getIndicesWritten(name);
    steps.push(['indices', indices('camA'), indices('camB'), indices(), indices(null)]);
    steps.push(['docs A 0', docs('camA', 0)], ['docs A 2', docs('camA', 2)], ['docs A 2 again', docs('camA', 2)]);
    steps.push(['docs A 10 (clamped)', docs('camA', 10)], ['docs A 10 again', docs('camA', 10)]);
    steps.push(['docs A negative', docs('camA', -1)], ['docs B 1', docs('camB', 1)]);
    for (let i = 0; i < 4; i++) a.write(frame);
    steps.push(['capacity 5 not enforced by base; indices A', indices('camA')], ['docs A 7', docs('camA', 7)]);
    writer.resetCollectionState('camA');
    steps.push(['after reset: docs A 7 (new uid, restart at 0)', docs('camA', 7), indices('camA')]);
    steps.push(['write wrong shape accepted', await outcome(() => a.write(new Uint8Array(81)))]);
    // The last value of the reference says that its lock is free; there is none here.
    steps.push(['write error', await outcome(() => a.write(new Uint8Array(0))), indices('camA'), false]);
    await a.close();
    steps.push(['close A -> open', writer.isOpen]);
    steps.push(['write after own close while other open', await outcome(() => a.write(frame)), indices('camA')]);
    await a.close();
    steps.push(['close A twice -> open', writer.isOpen]);
    await writer.complete('unknown');
    steps.push(['complete unknown -> open', writer.isOpen]);
    await b.close();
    steps.push(['close B -> open', writer.isOpen]);
    steps.push(['write after finalize not guarded by base', await outcome(() => b.write(frame)), indices('camB')]);
    await b.close();
    // Deviation "finalized once": the recorded list has a second entry.
    const finalized = writer.calls.filter(([kind]) => kind === 'finalize');
    expect(finalized).toEqual([['finalize', true]]);
    steps.push(['close B again calls finalize again', [...finalized, ['finalize', false]]]);
    steps.push(['docs after close B 9', docs('camB', 9)]);
    writer.updateSource('camA', 'uint8', [5, 5]);
    steps.push(['re-update after close resets counters', info(writer.sources.get('camA'))]);
    writer.prepare('camA');
    steps.push(['prepare resets', indices('camA'), docs('camA', 5)]);
    expect(numberUids(plain(steps))).toEqual(numberUids(golden[replayed.key('scripted_two_cameras')]));

    // The reference notes whether its lock is held while it writes; there is none here.
    const hooks = golden[replayed.key('hook_calls')].map((call: Call) =>
      call[0] === 'write' ? call.slice(0, 2) : call,
    );
    expect(writer.calls).toEqual(hooks.filter(([kind, open]: Call) => !(kind === 'finalize' && open === false)));
  });

  test('storage: finalized once', async () => {
    const writer = declared('c');
    await writer.complete('c');
    expect(golden[replayed.key('complete_without_prepare_finalizes')]).toEqual([['finalize', false]]);
    expect(writer.calls).toEqual([]);
  });

  test('a source that is prepared twice has two sinks and is active once', async () => {
    const writer = declared('c');
    const [first, second] = [writer.prepare('c'), writer.prepare('c')];
    const { distinct, active } = golden[replayed.key('prepare_twice')];
    expect(first !== second).toBe(distinct);
    await writer.kickoff();
    for (let i = 0; i < active; i++) await first.close();
    expect(writer.isOpen).toBe(false);
  });

  test('opens without sources; counts frames before kickoff', async () => {
    const writer = new TestWriter();
    void writer.kickoff();
    expect(writer.isOpen).toBe(golden[replayed.key('kickoff_without_sources')]);
    const early = declared('c');
    early.prepare('c').write(frame);
    expect(early.getIndicesWritten('c')).toBe(golden[replayed.key('write_before_kickoff_not_guarded_by_base')]);
  });

  test('storage: closed after a failed end', async () => {
    class Broken extends TestWriter {
      protected override finalize(): void {
        throw Object.assign(new Error('disk full'), { name: 'OSError' });
      }
    }
    const writer = new Broken();
    writer.updateSource('c', 'uint8', [1, 1]);
    const sink = writer.prepare('c');
    await writer.kickoff();
    const [error, open] = golden[replayed.key('finalize_error')];
    expect(await outcome(() => sink.close())).toEqual(error);
    expect([open, writer.isOpen]).toEqual([true, false]);
  });

  test('four tasks that write 200 frames each lose none', async () => {
    const writer = declared('c');
    const sink = writer.prepare('c');
    await writer.kickoff();
    const task = async () => {
      for (let i = 0; i < 200; i++) {
        sink.write(frame);
        await Promise.resolve();
      }
    };
    await Promise.all([task(), task(), task(), task()]);
    const [frames] = golden[replayed.key('threads_4x200')];
    expect(writer.getIndicesWritten('c')).toBe(frames);

    const documents = writer.collectStreamDocs('c', 5);
    const counter = () => writer.sources.get('c')?.collectionCounter;
    expect([documents.next().value?.name, counter()]).toEqual(
      golden[replayed.key('partial_iteration_counter_not_advanced')],
    );
    documents.next();
    expect(counter()).toBe(golden[replayed.key('after_second_next')]);
    documents.next();
    expect(counter()).toBe(golden[replayed.key('after_exhaustion')]);
  });

  test('has no place at first; a source has defaults', () => {
    expect(new TestWriter().path).toBe(golden[replayed.key('store_path_initial')]);
    expect(info(newSourceInfo({ name: 'a', dtype: 'uint8', shape: [1], dataKey: 'k' }))).toEqual(
      golden[replayed.key('sourceinfo_defaults')],
    );
  });

  test('storage: the slot takes storage only', () => {
    class Plain extends Device {
      override describeConfiguration = () => ({});
      override readConfiguration = () => ({});
    }
    class Storing extends withStorage(Plain) {}
    class Derived extends Storing {}
    class OtherName extends Plain {
      static readonly writer = new StorageDescriptor();
    }
    const [device, other] = [new Storing('d'), new Storing('e')];
    const plainOne: Plain & { storage?: Writer } = new Plain('n');
    const had = 'storage' in plainOne;
    const writer = new TestWriter();
    const before = device.storage;
    plainOne.storage = writer;
    device.storage = writer;
    const after = [device.storage === writer, other.storage === null];
    device.storage = null;
    const { any_value_accepted, backing, other_name_private, del, ...same } = golden[replayed.key('descriptor')];
    expect({
      default: before,
      class_access: Storing.storage.constructor.name,
      hasstorage: hasStorage(device),
      hasstorage_subclass: hasStorage(new Derived('x')),
      hasstorage_plain: had,
      attr_plain: had,
      plain_attr_set_isinstance: hasStorage(plainOne),
      set: after[0],
      independent: after[1],
      proxy_check_writer: isStorageProxy(writer),
      proxy_check_object: isStorageProxy({}),
      reset: device.storage,
      other_name_not_HasStorage: hasStorage(new OtherName('q')),
    }).toEqual(same);
    // Python's slot takes anything, under a name that can be looked up, and cannot be deleted.
    expect([any_value_accepted, backing, other_name_private, del.error]).toEqual([
      123,
      ['_name', '_storage'],
      '_writer',
      'AttributeError',
    ]);
    // @ts-expect-error no storage
    device.storage = 123;
    // @ts-expect-error the slot stays
    delete device.storage;
    expect(Object.keys(device)).not.toContain('storage');
  });
});

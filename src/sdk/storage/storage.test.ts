import { describe, expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { MemoryWriter } from '../testing/memory-writer.ts';
import {
  AutoIncrementFilenameProvider,
  isFilenameProvider,
  StaticFilenameProvider,
  UUIDFilenameProvider,
} from './filename-providers.ts';
import { FrameSink } from './frame-sink.ts';
import { PathInfo } from './path-info.ts';
import { isPathProvider, SessionPathProvider, StaticPathProvider } from './path-providers.ts';
import { formatRunName, highestCounter, localDate, parseRunName } from './run-name.ts';
import { newSourceInfo } from './source-info.ts';
import { hasStorage, StorageDescriptor, withStorage } from './storage-descriptor.ts';
import { isStorageProxy } from './storage-proxy.ts';

describe('filename providers', () => {
  test('a static one says its name', () => {
    expect(new StaticFilenameProvider('scan').filename('camera')).toBe('scan');
  });

  test('a counting one says the next number', () => {
    const provider = new AutoIncrementFilenameProvider({ base: 's', delimiter: '-', maxDigits: 2, start: 9, step: 5 });
    expect([provider.filename(), provider.filename()]).toEqual(['s-09', 's-14']);
  });

  test('one of uuids says a new one', () => {
    let at = 0;
    const provider = new UUIDFilenameProvider(() => `uid-${++at}`);
    expect([provider.filename(), provider.filename()]).toEqual(['uid-1', 'uid-2']);
  });

  test('are told from other things by their method', () => {
    expect([new StaticFilenameProvider(''), {}, null, { filename: 'x' }].map(isFilenameProvider)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('a static path provider', () => {
  test('puts base, name and device together', () => {
    const paths = new StaticPathProvider(new StaticFilenameProvider('scan'), 's3://bucket/', {
      capacity: 3,
      mimetypeHint: 'a/b',
    });
    expect(paths.pathInfo('camera')).toEqual(
      new PathInfo('s3://bucket/scan', 'camera', { capacity: 3, mimetypeHint: 'a/b' }),
    );
    expect(isPathProvider(paths)).toBe(true);
    expect(isPathProvider({ pathInfo: 'x' })).toBe(false);
  });
});

test('a path has the defaults of Zarr', () => {
  const { storeUri, arrayKey, capacity, mimetypeHint, extra } = new PathInfo('file:///a', 'b');
  expect({ storeUri, arrayKey, capacity, mimetypeHint, extra }).toEqual({
    storeUri: 'file:///a',
    arrayKey: 'b',
    capacity: 0,
    mimetypeHint: 'application/x-zarr',
    extra: {},
  });
});

describe('a session path provider', () => {
  const onDisk = new Map<string, string[]>();
  const provider = (session = 'scope 1') =>
    new SessionPathProvider({
      baseUri: 'file:///data/',
      session,
      clock: new ManualClock(),
      highestCounter: (folder, plan) => highestCounter(onDisk.get(folder) ?? [], plan),
    });
  const day = localDate(new ManualClock().now());
  const folder = `file:///data/scope%201/${day}`;

  test('gives all devices of an acquisition one store', () => {
    const paths = provider();
    paths.begin('count');
    expect(['a', 'b', null].map((device) => paths.pathInfo(device))).toEqual([
      new PathInfo(`${folder}/count_0001`, 'a'),
      new PathInfo(`${folder}/count_0001`, 'b'),
      new PathInfo(`${folder}/count_0001`, 'count'),
    ]);
  });

  test('gives the next acquisition another one, by plan', () => {
    const paths = provider();
    const uris: string[] = [];
    for (const plan of ['count', 'scan', 'count']) {
      paths.begin(plan);
      uris.push(paths.pathInfo('a').storeUri);
    }
    paths.end();
    uris.push(paths.pathInfo('a').storeUri);
    expect(uris.map((uri) => uri.slice(folder.length + 1))).toEqual([
      'count_0001',
      'scan_0001',
      'count_0002',
      'count_0003',
    ]);
  });

  test('goes on after the highest on the disk', () => {
    onDisk.set(folder, ['count_0007', 'COUNT_0009', 'scan_0100', 'count_x']);
    const paths = provider();
    paths.begin('count');
    expect(paths.pathInfo('a').storeUri).toBe(`${folder}/count_0010`);
    onDisk.clear();
  });
});

describe('run names', () => {
  test('are made and read', () => {
    expect(formatRunName({ plan: 'grid_scan', counter: 7 })).toBe('grid_scan_0007');
    expect(parseRunName('grid_scan_0007')).toEqual({ plan: 'grid_scan', counter: 7 });
    expect([parseRunName('notes'), parseRunName('count_7')]).toEqual([null, null]);
  });

  test('are counted without regard to case', () => {
    expect(highestCounter(['Scan_0003', 'scan_0012', 'count_0099'], 'scan')).toBe(12);
    expect(highestCounter([], 'scan')).toBe(0);
  });

  test('belong to the day where the microscope stands', () => {
    const noon = new Date(2026, 0, 5, 12);
    expect(localDate(noon.getTime() / 1000)).toBe('2026-01-05');
  });
});

test('a source begins with nothing written, under a uid of its own', () => {
  expect(newSourceInfo({ name: 'a', dtype: 'int16', shape: [2, 3], dataKey: 'k' }, () => 'uid')).toEqual({
    name: 'a',
    dtype: 'int16',
    shape: [2, 3],
    dataKey: 'k',
    mimetype: 'application/octet-stream',
    extra: {},
    framesWritten: 0,
    collectionCounter: 0,
    streamResourceUid: 'uid',
  });
});

describe('the slot of a device', () => {
  class Base {
    readonly name: string;
    constructor(name: string) {
      this.name = name;
    }
  }
  class Camera extends withStorage(Base) {}

  test('is empty at first, and holds what the host puts in, for each device by itself', () => {
    const [one, other] = [new Camera('one'), new Camera('other')];
    const writer = new MemoryWriter();
    one.storage = writer;
    expect([one.name, one.storage === writer, other.storage]).toEqual(['one', true, null]);
  });

  test('is declared by the class', () => {
    expect(Camera.storage).toBeInstanceOf(StorageDescriptor);
    expect([hasStorage(new Camera('c')), hasStorage(new Base('b')), hasStorage({ storage: null })]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

test('a proxy has every member that a device uses', () => {
  const { isOpen: _, ...lacking } = { isOpen: false, sources: new Map(), updateSource: () => {} };
  expect([isStorageProxy(new MemoryWriter()), isStorageProxy(lacking), isStorageProxy(null)]).toEqual([
    true,
    false,
    false,
  ]);
});

describe('a sink', () => {
  test('hands frames, waiting and closing to its writer under its own name', async () => {
    const heard: unknown[] = [];
    const sink = new FrameSink(
      {
        writeFrame: (name, frame, meta) => void heard.push(['write', name, frame.length, meta]),
        ready: async () => void heard.push('ready'),
        acknowledged: async (name, index) => void heard.push(['acknowledged', name, index]),
        complete: async (name) => void heard.push(['complete', name]),
      },
      'cam',
    );
    const { signal } = new AbortController();
    await sink.ready(signal);
    sink.write(new Uint8Array(6), { exposureMs: 5 });
    await sink.acknowledged(0, signal);
    await sink.close();
    expect(heard).toEqual([
      'ready',
      ['write', 'cam', 6, { exposureMs: 5 }],
      ['acknowledged', 'cam', 0],
      ['complete', 'cam'],
    ]);
  });
});

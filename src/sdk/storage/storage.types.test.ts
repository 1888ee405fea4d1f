// What must not compile, does not: checked by the compiler, which fails on a directive without an error.
import { describe, expectTypeOf, test } from 'vitest';
import type {
  FilenameProvider,
  FrameSink,
  HasStorage,
  PathInfo,
  PathProvider,
  PixelArray,
  PixelType,
  SourceInfo,
  StorageProxy,
  Writer,
} from './index.ts';

/** Never called: only its type counts. */
declare const given: <T>() => T;

describe('types', () => {
  test('FilenameProvider', () => {
    expectTypeOf<FilenameProvider['filename']>().toEqualTypeOf<(deviceName?: string | null) => string>();
    // @ts-expect-error a bare function is no provider
    () => (() => 'x') satisfies FilenameProvider;
  });

  test('PathProvider', () => {
    expectTypeOf<PathProvider['pathInfo']>().toEqualTypeOf<(deviceName?: string | null) => PathInfo>();
    // @ts-expect-error the URI alone says nothing about the array
    () => ({ pathInfo: () => 'file:///x' }) satisfies PathProvider;
  });

  test('SourceInfo', () => {
    expectTypeOf<SourceInfo['name']>().toEqualTypeOf<string>();
    expectTypeOf<SourceInfo['dtype']>().toEqualTypeOf<PixelType>();
    expectTypeOf<SourceInfo['shape']>().toEqualTypeOf<readonly number[]>();
    expectTypeOf<SourceInfo['dataKey']>().toEqualTypeOf<string>();
    expectTypeOf<SourceInfo['mimetype']>().toEqualTypeOf<string>();
    expectTypeOf<SourceInfo['extra']>().toEqualTypeOf<Readonly<Record<string, unknown>>>();
    expectTypeOf<SourceInfo['framesWritten']>().toEqualTypeOf<number>();
    expectTypeOf<SourceInfo['collectionCounter']>().toEqualTypeOf<number>();
    expectTypeOf<SourceInfo['streamResourceUid']>().toEqualTypeOf<string>();
    // @ts-expect-error the shape of a source that is declared does not change
    (source: SourceInfo) => void (source.shape = [1]);
  });

  test('HasStorage', () => {
    expectTypeOf<HasStorage['storage']>().toEqualTypeOf<StorageProxy | null>();
    // @ts-expect-error a number is no storage
    (device: HasStorage) => void (device.storage = 5);
  });

  test('StorageProxy', () => {
    expectTypeOf<Writer>().toExtend<StorageProxy>();
    expectTypeOf<ReturnType<StorageProxy['prepare']>>().toEqualTypeOf<FrameSink>();
    expectTypeOf<ReturnType<StorageProxy['getIndicesWritten']>>().toEqualTypeOf<number>();
    expectTypeOf<ReturnType<StorageProxy['kickoff']>>().toEqualTypeOf<Promise<void>>();
    expectTypeOf<Parameters<StorageProxy['complete']>>().toEqualTypeOf<[name: string]>();
    expectTypeOf<Parameters<StorageProxy['updateSource']>[1]>().toEqualTypeOf<PixelType>();
    expectTypeOf<Parameters<StorageProxy['collectStreamDocs']>>().toEqualTypeOf<
      [name: string, indicesWritten: number]
    >();
    // @ts-expect-error a type of pixel that no camera has
    (storage: StorageProxy) => storage.updateSource('a', 'complex64', [1]);
  });

  test('Writer', () => {
    expectTypeOf<Writer['mimetype']>().toEqualTypeOf<string>();
    expectTypeOf<Writer['sources']>().toEqualTypeOf<ReadonlyMap<string, SourceInfo>>();
  });

  test('frames', () => {
    expectTypeOf<Parameters<FrameSink['write']>[0]>().toEqualTypeOf<PixelArray>();
    // @ts-expect-error a list of numbers has no type of pixel
    () => given<FrameSink>().write([1, 2]);
    // @ts-expect-error a writer has parts that only a backend can fill in
    () => new (given<typeof Writer>())('w');
  });
});

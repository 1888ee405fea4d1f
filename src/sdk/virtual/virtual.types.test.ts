// What must not compile, does not: checked by the compiler, which fails on a directive without an error.
import { describe, expectTypeOf, test } from 'vitest';
import type { Document, DocumentCallback, DocumentName, DocumentRouter } from '../events/index.ts';
import type {
  CallbackType,
  DocumentListener,
  HasShutdown,
  IsInjectable,
  IsProvider,
  ProviderKey,
  RedSunConfig,
  Signal,
  SignalCache,
  VirtualContainer,
} from './index.ts';

describe('types', () => {
  test('RedSunConfig', () => {
    expectTypeOf<RedSunConfig['schema_version']>().toEqualTypeOf<number>();
    expectTypeOf<RedSunConfig['frontend']>().toEqualTypeOf<string>();
    expectTypeOf<RedSunConfig['session']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<RedSunConfig['metadata']>().toEqualTypeOf<Readonly<Record<string, unknown>> | undefined>();
    // @ts-expect-error the version is a number
    () => ({ schema_version: '1', frontend: 'electron' }) satisfies RedSunConfig;
    // @ts-expect-error without a frontend
    () => ({ schema_version: 1 }) satisfies RedSunConfig;
  });

  test('CallbackType', () => {
    expectTypeOf<DocumentCallback>().toExtend<CallbackType>();
    expectTypeOf<DocumentRouter>().toExtend<CallbackType>();
    expectTypeOf<DocumentListener>().toExtend<CallbackType>();
    // @ts-expect-error three arguments, of which nobody gives the third
    () => ((_name: DocumentName, _doc: Document, _more: number) => {}) satisfies CallbackType;
    // @ts-expect-error a text cannot be called
    () => 'callback' satisfies CallbackType;
  });

  test('SignalCache', () => {
    expectTypeOf<SignalCache>().toEqualTypeOf<ReadonlyMap<string, Signal<unknown[]>>>();
    // @ts-expect-error who reads it cannot add to it
    (cache: SignalCache) => cache.clear();
  });

  test('Signal', () => {
    // @ts-expect-error a text where a number is emitted
    (signal: Signal<[value: number]>) => signal.emit('5');
    // @ts-expect-error a slot that wants more than comes
    (signal: Signal<[value: number]>) => signal.connect((_a: number, _b: number) => {});
  });

  test('HasShutdown', () => {
    expectTypeOf<HasShutdown['shutdown']>().toEqualTypeOf<() => void | Promise<void>>();
    // @ts-expect-error nobody gives it a reason
    () => ({ shutdown: (_reason: string) => {} }) satisfies HasShutdown;
  });

  test('IsProvider and IsInjectable', () => {
    expectTypeOf<IsProvider['registerProviders']>().parameters.toEqualTypeOf<[container: VirtualContainer]>();
    expectTypeOf<IsInjectable['injectDependencies']>().parameters.toEqualTypeOf<[container: VirtualContainer]>();
  });

  test('providers', () => {
    const key: ProviderKey<number> = { name: 'gain' };
    (container: VirtualContainer) => expectTypeOf(container.require(key)).toEqualTypeOf<number>();
    (container: VirtualContainer) => expectTypeOf(container.tryRequire(key)).toEqualTypeOf<number | undefined>();
    // @ts-expect-error the key is for a number
    (container: VirtualContainer) => container.provide(key, 'high');
  });
});

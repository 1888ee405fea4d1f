// What must not compile, does not: checked by the compiler, which fails on a directive without an error.
import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { PDevice } from '../device/index.ts';
import { defineChannel, type PPresenter, type Presenter, serveChannel } from './index.ts';

/** Never called: only its type counts. */
declare const given: <T>() => T;

describe('types', () => {
  test('PPresenter', () => {
    expectTypeOf<Presenter>().toExtend<PPresenter>();
    expectTypeOf<PPresenter['name']>().toEqualTypeOf<string>();
    expectTypeOf<PPresenter['devices']>().toEqualTypeOf<ReadonlyMap<string, PDevice>>();
    // @ts-expect-error devices are a map
    () => ({ name: 'a', devices: {} }) satisfies PPresenter;
    // @ts-expect-error a presenter does not put devices in
    (presenter: PPresenter) => presenter.devices.set('a', given<PDevice>());
  });

  test('Presenter', () => {
    expectTypeOf<ConstructorParameters<typeof Presenter>>().toEqualTypeOf<
      [name: string, devices: ReadonlyMap<string, PDevice>]
    >();
    // @ts-expect-error Presenter itself cannot be made
    () => new (given<typeof Presenter>())('a', new Map());
  });

  test('a channel', () => {
    const channel = defineChannel({
      name: 'a',
      calls: { add: { request: z.object({ n: z.number() }), response: z.number() } },
      events: {},
      streams: {},
    });
    () => serveChannel(channel, { calls: { add: async ({ n }) => n + 1 }, events: {}, streams: {} });
    // @ts-expect-error the answer is a number
    () => serveChannel(channel, { calls: { add: async () => 'one' }, events: {}, streams: {} });
    // @ts-expect-error nobody answers add
    () => serveChannel(channel, { calls: {}, events: {}, streams: {} });
  });
});

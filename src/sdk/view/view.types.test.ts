// What must not compile, does not: checked by the compiler, which fails on a directive without an error.
import { describe, expectTypeOf, test } from 'vitest';
import type { PView, View, ViewPosition } from './index.ts';

describe('types', () => {
  test('PView', () => {
    expectTypeOf<View>().toExtend<PView>();
    expectTypeOf<PView['name']>().toEqualTypeOf<string>();
    expectTypeOf<PView['viewPosition']>().toEqualTypeOf<ViewPosition>();
    // @ts-expect-error no panel docks there
    () => ({ name: 'a', viewPosition: 'north' }) satisfies PView;
  });

  test('ViewPosition', () => {
    expectTypeOf<ViewPosition>().toEqualTypeOf<'center' | 'left' | 'right' | 'top' | 'bottom'>();
  });
});

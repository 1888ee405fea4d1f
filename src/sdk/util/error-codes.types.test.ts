import { expect, expectTypeOf, test } from 'vitest';
import { type DetailsOf, type ErrorCode, hasCode, RedsunError } from './index.ts';

test('a code that is not in the catalogue does not compile, nor does one that is looked for', () => {
  // @ts-expect-error: no such code
  new RedsunError('target/no-spase', 'a slip');
  // @ts-expect-error: no such code
  hasCode(null, 'target/no-spase');
  // @ts-expect-error: no such area
  new RedsunError('disk/full', 'another word for it');
  expectTypeOf<'target/no-space'>().toExtend<ErrorCode>();
  expectTypeOf<string>().not.toExtend<ErrorCode>();
  // What the operating system says is looked for, too.
  expect(hasCode({ code: 'ENOENT' }, 'ENOENT')).toBe(true);
});

test('details are typed by the code', () => {
  const held = new RedsunError('control/held', 'Anna has control', { details: { holder: 'Anna' } });
  expectTypeOf(held.details).toEqualTypeOf<{ readonly holder: string } | undefined>();
  expect(held.details?.holder).toBe('Anna');
  // @ts-expect-error: the holder has a name
  new RedsunError('control/held', 'Anna has control', { details: { who: 'Anna' } });
  // @ts-expect-error: nothing goes with it
  new RedsunError('cli/usage', 'a slip', { details: { holder: 'Anna' } });
  expectTypeOf<DetailsOf<'cli/usage'>>().toEqualTypeOf<undefined>();
});

test('what came from somewhere else keeps its code, whatever it is', () => {
  expect(RedsunError.passedOn('laser/overheated', 'by a bundle').code).toBe('laser/overheated');
});

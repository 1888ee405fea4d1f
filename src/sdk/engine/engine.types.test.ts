// What must not compile, does not: checked by the compiler, which fails on a directive without an error.
import { describe, expectTypeOf, test } from 'vitest';
import type { DocumentTypes, ExitStatus } from '../events/index.ts';
import type { DocumentType, EngineState, Msg, Plan, RunEngine, RunEngineResult, RunOutcome } from './index.ts';

/** Never called: only its type counts. */
declare const given: <T>() => T;

describe('types', () => {
  test('RunEngineResult', () => {
    expectTypeOf<RunEngineResult['runStartUids']>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<RunEngineResult['planResult']>().toEqualTypeOf<unknown>();
    expectTypeOf<RunEngineResult['exitStatus']>().toEqualTypeOf<ExitStatus>();
    expectTypeOf<RunEngineResult['interrupted']>().toEqualTypeOf<boolean>();
    expectTypeOf<RunEngineResult['reason']>().toEqualTypeOf<string>();
    expectTypeOf<RunEngineResult['exception']>().toEqualTypeOf<Error | null>();
  });

  test('DocumentType', () => {
    expectTypeOf<DocumentType>().toEqualTypeOf<keyof DocumentTypes>();
    // @ts-expect-error there is no such document
    () => 'end' satisfies DocumentType;
  });

  test('what a call gives', () => {
    expectTypeOf<RunOutcome<true>>().toEqualTypeOf<RunEngineResult>();
    expectTypeOf<RunOutcome<false>>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<RunEngine<false>['run']>().returns.toEqualTypeOf<Promise<readonly string[]>>();
  });

  test('a plan', () => {
    expectTypeOf<Generator<Msg, void, unknown>>().toExtend<Plan>();
    // @ts-expect-error the function of a plan is not the plan
    () => given<RunEngine>().run(function* (): Plan<void> {});
    // @ts-expect-error the state is not for others to set
    () => void (given<RunEngine>().state = 'idle' satisfies EngineState);
  });
});

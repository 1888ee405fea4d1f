import type { RunEngineOptions } from 'redsun/sdk/engine';
import type { Bench } from '../bench.ts';
import type { Harness } from '../harness.ts';

/** What a recorded case does, in TypeScript. */
export type Case = (harness: Harness, bench: Bench) => unknown;

/** Cases by their recorded name. */
export type Cases = Readonly<Record<string, Case>>;

/** How the engine of a case is set up, where it is not as usual. */
export type EngineSetups = Readonly<Record<string, Partial<RunEngineOptions>>>;

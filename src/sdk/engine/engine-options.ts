import type { Awaitable } from '../device/protocols.ts';
import type { ExitStatus } from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import type { NewUid } from '../util/uid.ts';
import type { Msg, Plan } from './msg.ts';

/** What the engine may be doing. */
export const ENGINE_STATES = [
  'idle',
  'running',
  'pausing',
  'paused',
  'suspending',
  'stopping',
  'aborting',
  'halting',
] as const;
/** What the engine is doing. */
export type EngineState = (typeof ENGINE_STATES)[number];

/** What became of a plan. */
export interface RunEngineResult {
  /** Uids of the start documents, in order. */
  readonly runStartUids: readonly string[];
  /** What the plan returned. */
  readonly planResult: unknown;
  /** As in the last stop document. */
  readonly exitStatus: ExitStatus;
  /** True when it was paused, stopped, aborted or halted. */
  readonly interrupted: boolean;
  /** As in the last stop document. */
  readonly reason: string;
  /** What it failed with; null. */
  readonly exception: Error | null;
}

/** Metadata of runs, by name. Values can be written as JSON. */
export type Metadata = Record<string, unknown>;
/** Takes a plan and gives another one in its place. */
export type Preprocessor = (plan: Plan) => Plan;

/** How an engine is set up. */
export interface RunEngineOptions<ReturnsResult extends boolean = boolean> {
  /** All waiting and all times go through it. */
  readonly clock: Clock;
  /** Uids of documents; given by tests. Default: random. */
  readonly newUid?: NewUid;
  /** Goes into every start document; changed by the engine, which counts `scan_id` in it. Default: empty. */
  readonly md?: Metadata;
  /** Applied to each plan, the first one first: of [f, g] the result is g(f(plan)). */
  readonly preprocessors?: readonly Preprocessor[];
  /** Throws when a run with this metadata must not start. It gets a copy. Default: `sample` is a text or an object. */
  readonly mdValidator?: (md: Metadata) => void;
  /** What goes into the start document in place of the metadata; or throws. It gets a copy. */
  readonly mdNormalizer?: (md: Metadata) => Metadata;
  /** The next scan_id, from the metadata. Default: one more than the last. */
  readonly scanIdSource?: (md: Metadata) => Awaitable<number>;
  /** False: `run` resolves with the uids of the start documents. Default true. */
  readonly callReturnsResult?: ReturnsResult;
  /** Throws to refuse a message: how STOP keeps clean-up code from moving the stage again. */
  readonly guard?: (message: Msg) => void;
  /** Asks the operator for a line of text: the `input` message. Default: nobody can be asked. */
  readonly input?: (prompt: string, signal: AbortSignal) => Promise<string>;
  /** Gives way to the event loop; called when messages have run for 5 ms on end. */
  readonly giveWay?: () => Promise<void>;
  /** Faults that nobody waits for: late rejections of interrupted handlers, errors while cleaning up. */
  readonly onFault?: (error: Error) => void;
}

/** The scan_id after the one in `md`, from 1. */
export function defaultScanIdSource(md: Metadata): number {
  return Number(md.scan_id ?? 0) + 1;
}

import type { Clock } from '../util/clock.ts';
import { type Msg, msg, type Plan } from './msg.ts';

/** A plan, or messages that make one up. */
export type PlanSource = (() => Plan) | readonly Msg[];

/** Why and how long a plan is held up. */
export interface SuspendRequest {
  /** Resolves when the plan may go on. Called again when the plan is paused meanwhile; rejects when `signal` aborts. */
  readonly until: (signal: AbortSignal) => Promise<unknown>;
  /** For the log and the interruptions stream. Default empty. */
  readonly justification?: string | null;
  /** Run before waiting: close the shutter. */
  readonly prePlan?: PlanSource | null;
  /** Run after waiting, before the messages since the last checkpoint are repeated. */
  readonly postPlan?: PlanSource | null;
}

/** What a suspender may ask of the engine that it is installed in. */
export interface SuspendTarget {
  /** The time of the plans that are held up. */
  readonly clock: Clock;
  /** Holds the plan up; it goes on from its last checkpoint. Nothing when no plan runs. */
  requestSuspend(request: SuspendRequest): void;
}

/** Watches something that plans depend on: the laser's interlock, the temperature of the stage. */
export interface Suspender {
  /** For messages. */
  readonly name: string;
  /** Begins to watch, and asks `target` to hold plans up. */
  install(target: SuspendTarget): void;
  /** Stops watching. */
  remove(): void;
  /** What holds plans up right now; null: nothing. A plan that is started meanwhile waits first. */
  pending(): SuspendRequest | null;
}

/** The message that holds a plan up. */
export function* startOfSuspension({ prePlan, postPlan, justification, until }: SuspendRequest): Plan<void> {
  yield msg('_start_suspender', null, [prePlan ?? null, postPlan ?? null, justification ?? '', until]);
}

/** What runs while a plan is held up. @param rewindable - whether the plan itself may be rewound. */
export function* suspension({ until, prePlan, postPlan }: SuspendRequest, rewindable: boolean): Plan<void> {
  yield msg('rewindable', null, [false]);
  if (prePlan) yield* planOf(prePlan);
  yield msg('wait_for', null, [[until]]);
  yield msg('_resume_from_suspender');
  if (postPlan) yield* planOf(postPlan);
  yield msg('rewindable', null, [rewindable]);
}

function* planOf(source: PlanSource): Plan<void> {
  if (typeof source === 'function') yield* source();
  // An array cannot be thrown into: `yield*` would replace the error by one of its own.
  else for (const message of source) yield message;
}

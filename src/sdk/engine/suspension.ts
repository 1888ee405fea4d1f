import { msg, type Plan } from './msg.ts';

/** Why and how long a plan is held up. */
export interface SuspendRequest {
  /** Resolves when the plan may go on. Called again when the plan is paused meanwhile; rejects when `signal` aborts. */
  readonly until: (signal: AbortSignal) => Promise<void>;
  /** For the log and the interruptions stream. Default empty. */
  readonly justification?: string;
  /** Run before waiting: close the shutter. */
  readonly prePlan?: () => Plan;
  /** Run after waiting, before the messages since the last checkpoint are repeated. */
  readonly postPlan?: () => Plan;
}

/** What a suspender may ask of the engine that it is installed in. */
export interface SuspendTarget {
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

/** What runs while a plan is held up. */
export function* suspension({ until, prePlan, postPlan }: SuspendRequest): Plan<void> {
  if (prePlan) yield* prePlan();
  yield msg('wait_for', null, [[until]]);
  yield msg('resume_devices');
  if (postPlan) yield* postPlan();
}

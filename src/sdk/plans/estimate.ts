import { isCamera } from '../device/roles.ts';
import { nameOf } from '../engine/described-object.ts';
import type { Msg, Plan } from '../engine/msg.ts';
import type { Clock } from '../util/clock.ts';
import { asError } from '../util/errors.ts';
import { paceOf } from './pacing.ts';
import { Rehearsal } from './rehearsal.ts';

/** A message whose duration is asked for. */
export interface PlanStep {
  /** What is done. */
  readonly command: string;
  /** Name of the device that does it; null: none. */
  readonly device: string | null;
  /** How far it is to move, in its own unit; null: it does not move along a line. */
  readonly distance: number | null;
  /** s; null: it is no exposure. */
  readonly exposureS: number | null;
}

/** From the shortest to the longest, s. */
export interface SecondsRange {
  /** Rarely less. */
  readonly low: number;
  /** Rarely more. */
  readonly high: number;
}

/** How long something takes. */
export interface DurationRange extends SecondsRange {
  /** True: it was measured before; false: it is a guess. */
  readonly learnt: boolean;
}

/** How long a message takes. */
export type DurationOf = (step: PlanStep) => DurationRange;

/** What is known of a plan before it runs. */
export interface PlanEstimate {
  /** `whole`: gone through to its end. `extrapolated`: so long that the rest is counted from the first part. `unknown`: nobody can say. */
  readonly kind: 'whole' | 'extrapolated' | 'unknown';
  /** Of the whole plan; for `unknown` of the part that was gone through. */
  readonly messages: number;
  /** `set` messages, as `messages`. */
  readonly moves: number;
  /** `trigger` messages and frames of flights, as `messages`. */
  readonly exposures: number;
  /** Events, as `messages`. */
  readonly events: number;
  /** Pixels of cameras, bytes, as `messages`. */
  readonly bytes: number;
  /** How long it takes, s; null: unknown. */
  readonly seconds: SecondsRange | null;
  /** Part of the messages whose duration was measured before, 0 to 1; what only waits is not counted. */
  readonly learnt: number;
  /** What the figures leave out, and why they are not known. */
  readonly notes: readonly string[];
}

/** How an estimate is made. */
export interface EstimateOptions {
  /** How long messages take. Default: a guess. */
  readonly durationOf?: DurationOf;
  /** Measures the stretches of work. */
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Called between stretches of a few ms, so that nothing waits for an estimate. Default: goes on at once. */
  readonly giveWay?: () => Promise<void>;
  /** Messages that are gone through at most. Default 200 000. */
  readonly maxMessages?: number;
  /** Exposures of the whole plan, where the one who asks knows: makes it possible to extrapolate. Default null. */
  readonly exposures?: number | null;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Longest stretch of work, ms. */
const STRETCH_MS = 4;
const MESSAGES_BETWEEN_LOOKS = 32;

/**
 * Goes through a plan without moving anything and counts what it would do. The plan is made twice, once for the shortest and once
 * for the longest durations, as it may look at the time. @param makePlan - gets a clock that goes as the plan would, s. Plans that
 * do things themselves instead of yielding messages do them here, too. @throws the signal's reason when it aborts.
 */
export async function estimate(
  makePlan: (nowS: () => number) => Plan,
  options: EstimateOptions,
): Promise<PlanEstimate> {
  const low = await new Walk('low', options).through(makePlan);
  const high = low.end === 'done' || low.end === 'limit' ? await new Walk('high', options).through(makePlan) : low;
  const { exposures: expected = null, maxMessages = DEFAULT_MESSAGES } = options;
  const { messages, moves, exposures, events, bytes } = high;
  const counts = { messages, moves, exposures, events, bytes };
  const learnt = high.timed > 0 ? high.learnt / high.timed : 1;
  const notes = [...new Set([...low.notes, ...high.notes])];
  const seconds = { low: low.elapsedS, high: Math.max(low.elapsedS, high.elapsedS) };
  if (high.end === 'done') {
    const known = high.untimed ? null : seconds;
    return { kind: high.untimed ? 'unknown' : 'whole', ...counts, seconds: known, learnt, notes };
  }
  if (high.end === 'limit' && expected !== null && exposures > 0 && !high.untimed) {
    const factor = expected / exposures;
    const scaled = Object.fromEntries(
      Object.entries(counts).map(([name, value]) => [name, Math.round(value * factor)]),
    );
    notes.push(`Counted from the first ${maxMessages} messages`);
    return {
      kind: 'extrapolated',
      ...(scaled as typeof counts),
      exposures: expected,
      seconds: { low: seconds.low * factor * 0.95, high: seconds.high * factor * 1.05 },
      learnt,
      notes,
    };
  }
  if (high.end === 'limit') notes.push(`No end within ${maxMessages} messages`);
  return { kind: 'unknown', ...counts, seconds: null, learnt, notes };
}

const DEFAULT_MESSAGES = 200_000;

/** Commands whose end is waited for by a `wait`, not at once. */
const GROUPED = new Set(['set', 'trigger', 'prepare', 'kickoff', 'complete', 'stage', 'unstage']);

/** One way through a plan. */
class Walk {
  messages = 0;
  moves = 0;
  exposures = 0;
  events = 0;
  bytes = 0;
  /** Messages whose duration was asked for, and those of them that were measured before. */
  timed = 0;
  learnt = 0;
  elapsedS = 0;
  /** It waits for something that takes nobody knows how long. */
  untimed = false;
  end: 'done' | 'limit' | 'adaptive' | 'failed' = 'done';
  readonly notes: string[] = [];
  readonly #bound: 'low' | 'high';
  readonly #options: EstimateOptions;
  readonly #durationOf: DurationOf;
  readonly #rehearsal = new Rehearsal();
  /** When the last member of a group is done. */
  readonly #groups = new Map<unknown, number>();
  readonly #beginnings = new Map<object, number>();
  readonly #frames = new Map<object, number>();

  constructor(bound: 'low' | 'high', options: EstimateOptions) {
    this.#bound = bound;
    this.#options = options;
    this.#durationOf = options.durationOf ?? guessDuration;
  }

  async through(makePlan: (nowS: () => number) => Plan): Promise<this> {
    const { clock, giveWay, maxMessages = DEFAULT_MESSAGES, signal } = this.#options;
    let lookedMs = clock.monotonicMs();
    try {
      const plan = makePlan(() => this.elapsedS);
      for (let step = plan.next(); !step.done; ) {
        if (this.messages >= maxMessages) {
          this.end = 'limit';
          return this;
        }
        this.messages++;
        const timed = this.#time(step.value);
        if (timed instanceof Promise) await timed;
        const answer = this.#rehearsal.answer(step.value);
        step = plan.next(answer instanceof Promise ? await answer : answer);
        if (this.#rehearsal.lookedAt !== null) {
          this.notes.push(`What it does depends on what ${this.#rehearsal.lookedAt} reads`);
          this.end = 'adaptive';
          return this;
        }
        if (this.messages % MESSAGES_BETWEEN_LOOKS !== 0 || clock.monotonicMs() - lookedMs < STRETCH_MS) continue;
        await giveWay?.();
        signal?.throwIfAborted();
        lookedMs = clock.monotonicMs();
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      this.notes.push(`It cannot be gone through: ${asError(thrown).message}`);
      this.end = 'failed';
    }
    return this;
  }

  #time(message: Msg): void | Promise<void> {
    const { command, obj } = message;
    if (command !== 'set') {
      this.#count(message, null);
      return;
    }
    const target = message.args[0];
    const from = typeof target === 'number' ? this.#rehearsal.positionOf(obj) : null;
    if (from instanceof Promise) return from.then((position) => this.#count(message, distance(position, target)));
    this.#count(message, distance(from, target));
  }

  #count(message: Msg, moved: number | null): void {
    const { command, obj, args } = message;
    const pace = paceOf(message);
    if (pace?.intervalS === null) this.#beginnings.set(pace.beginning, this.elapsedS);
    if (command === 'wait') {
      this.elapsedS = Math.max(this.elapsedS, this.#groups.get(groupOf(message)) ?? 0);
      return;
    }
    if (command === 'sleep') {
      const until = pace?.intervalS == null ? null : (this.#beginnings.get(pace.beginning) ?? 0) + pace.intervalS;
      this.elapsedS = until === null ? this.elapsedS + Number(args[0]) : Math.max(this.elapsedS, until);
      return;
    }
    if (command === 'wait_for' || command === 'input' || command === 'pause') this.#notTimed(command);
    if (command === 'set') this.moves++;
    else if (command === 'save') this.events++;
    const frames = this.#framesOf(message);
    this.exposures += frames;
    if (isCamera(obj)) this.bytes += frames * frameBytes(obj);
    const exposure = command === 'trigger' || command === 'complete' ? this.#rehearsal.exposureOf(obj) : null;
    const device = obj === null ? null : nameOf(obj);
    const flown = command === 'complete' && typeof obj === 'object' && obj ? (this.#frames.get(obj) ?? 1) : 1;
    const exposureS = exposure === null ? null : exposure * flown;
    const range = this.#durationOf({ command, device, distance: moved, exposureS });
    this.timed++;
    if (range.learnt) this.learnt++;
    const endS = this.elapsedS + range[this.#bound];
    if (!GROUPED.has(command)) this.elapsedS = endS;
    else this.#groups.set(groupOf(message), Math.max(this.#groups.get(groupOf(message)) ?? 0, endS));
  }

  /** Frames that a message makes. A flight makes those that its device was prepared for. */
  #framesOf({ command, obj, args }: Msg): number {
    if (typeof obj !== 'object' || obj === null) return 0;
    if (command === 'prepare') {
      const { frames = 0 } = (args[0] ?? {}) as { frames?: number };
      this.#frames.set(obj, frames);
    }
    return command === 'trigger' ? 1 : command === 'kickoff' ? (this.#frames.get(obj) ?? 0) : 0;
  }

  #notTimed(command: string): void {
    this.untimed = true;
    const words: Readonly<Record<string, string>> = {
      wait_for: 'It waits for a condition, and nobody knows how long',
      input: 'It asks the operator, and nobody knows how long the answer takes',
      pause: 'It pauses until the operator resumes it',
    };
    this.notes.push(words[command] ?? command);
  }
}

/** Groups of `wait` come by position or by name. */
function groupOf({ command, args, kwargs }: Msg): unknown {
  return kwargs.group ?? (command === 'wait' ? args[0] : null) ?? null;
}

function distance(from: number | null, to: unknown): number | null {
  return from === null || typeof to !== 'number' ? null : Math.abs(to - from);
}

function frameBytes({ frameShape: [height, width], dtype }: { frameShape: readonly number[]; dtype: string }): number {
  return (height ?? 0) * (width ?? 0) * (dtype === 'uint8' ? 1 : 2);
}

/** What nobody has measured yet: a stage of some mm/s, a camera that reads out quickly. */
export function guessDuration({ command, distance: moved, exposureS }: PlanStep): DurationRange {
  if (exposureS !== null) return { low: exposureS, high: exposureS * 1.05 + 0.1, learnt: false };
  if (command === 'set') return { low: 0.005, high: 0.3 + (moved ?? 0) * 0.001, learnt: false };
  if (GROUPED.has(command)) return { low: 0, high: 0.3, learnt: false };
  return { low: 0, high: 0.003, learnt: false };
}

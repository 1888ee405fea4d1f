import { isAxis, isCamera, Status } from 'redsun/sdk/device';
import type { CommandHandler, Msg, RunEngine } from 'redsun/sdk/engine';
import type { PlanStep } from 'redsun/sdk/plans';
import type { DeviceTimings } from './device-timings.ts';

/** Commands that end with a status, which a later `wait` waits for. */
const WITH_STATUS = ['set', 'trigger', 'prepare', 'kickoff', 'complete', 'stage', 'unstage'] as const;
/** What takes as long as somebody else wants. */
const UNTIMED = new Set<string>([...WITH_STATUS, 'wait', 'wait_for', 'sleep', 'pause', 'input', '_start_suspender']);

/** Watches an engine and tells `timings` how long everything took. Broken-off moves and failures are no measure of anything. */
export class TimingRecorder {
  readonly #engine: RunEngine;
  readonly #timings: DeviceTimings;
  /** The message that is being executed, and since when. */
  #going: { readonly message: Msg; readonly sinceMs: number } | null = null;

  constructor(engine: RunEngine, timings: DeviceTimings) {
    this.#engine = engine;
    this.#timings = timings;
    engine.messageStarted.connect((message) => this.#next(message));
    // Between two plans, and while one stands still, nothing is timed.
    engine.stateChanged.connect(() => {
      this.#going = null;
    });
    for (const command of WITH_STATUS) this.#wrap(command);
  }

  #next(message: Msg): void {
    const nowMs = this.#engine.clock.monotonicMs();
    const before = this.#going;
    this.#going = { message, sinceMs: nowMs };
    if (!before || UNTIMED.has(before.message.command)) return;
    this.#timings.add(stepOf(before.message, null), (nowMs - before.sinceMs) / 1000);
  }

  #wrap(command: string): void {
    const original = this.#engine.handlerOf(command);
    if (!original) return;
    const timed: CommandHandler = (context, message) => {
      const step = stepOf(message, distanceOf(message));
      const sinceMs = this.#engine.clock.monotonicMs();
      const answer = original(context, message);
      if (answer instanceof Promise)
        answer.then(
          (value) => this.#whenDone(step, sinceMs, value),
          () => {},
        );
      else this.#whenDone(step, sinceMs, answer);
      return answer;
    };
    this.#engine.registerCommand(command, timed);
  }

  #whenDone(step: PlanStep, sinceMs: number, answer: unknown): void {
    const { clock } = this.#engine;
    const add = () => this.#timings.add(step, (clock.monotonicMs() - sinceMs) / 1000);
    if (!(answer instanceof Status)) add();
    else {
      answer.addCallback(() => {
        // One that was stopped half-way says nothing of the whole way.
        if (answer.success && this.#engine.state === 'running') add();
      });
    }
  }
}

function stepOf({ command, obj }: Msg, distance: number | null): PlanStep {
  const device = typeof obj === 'object' && obj !== null && 'name' in obj ? String(obj.name) : null;
  const exposes = command === 'trigger' && isCamera(obj);
  return { command, device, distance, exposureS: exposes ? obj.settings.exposureMs / 1000 : null };
}

function distanceOf({ command, obj, args: [target] }: Msg): number | null {
  if (command !== 'set' || typeof target !== 'number' || !isAxis(obj)) return null;
  return obj.position === null ? null : Math.abs(target - obj.position);
}

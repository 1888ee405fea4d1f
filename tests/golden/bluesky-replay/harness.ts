import {
  type EngineState,
  type Metadata,
  type Msg,
  namePlan,
  type Plan,
  RunEngine,
  type RunEngineOptions,
  type Subscribers,
} from 'redsun/sdk/engine';
import type { Document } from 'redsun/sdk/events';
import { ManualClock } from 'redsun/sdk/testing';
import { asError } from 'redsun/sdk/util';
import { Bench } from './bench.ts';
import { NormalForm } from './normal-form.ts';
import { type RecordedCall, recordedCases, type Trace } from './recorded-case.ts';

/** Said by every interruption of the recorded engine: its `pause_msg`. */
const PAUSE_MESSAGE =
  recordedCases().find(({ name }) => name === 'paused_stop')?.outcome.calls[0]?.raised?.message ?? 'not recorded';

/** An engine and the devices of one case, and everything that they do taken down as the reference's harness did it. */
export class Harness {
  // Not on a whole second: Python writes those without a fraction.
  readonly clock = new ManualClock(1_800_000_000.25);
  readonly bench = new Bench(this.clock);
  /** Errors that went to nobody. */
  readonly faults: Error[] = [];
  readonly extras: Record<string, unknown> = {};
  readonly engine: RunEngine<boolean>;
  readonly #form = new NormalForm();
  readonly #msgs: unknown[] = [];
  readonly #docs: (readonly [string, Record<string, unknown>])[] = [];
  readonly #timeline: string[] = [];
  readonly #calls: (Omit<RecordedCall, 'result'> & { readonly value: unknown })[] = [];

  constructor(options: Partial<RunEngineOptions> = {}) {
    const engine = new RunEngine<boolean>({
      clock: this.clock,
      onFault: (error) => this.faults.push(error),
      ...options,
    });
    engine.pauseMessage = PAUSE_MESSAGE;
    engine.msgHook = (message) => {
      this.#timeline.push(`M${this.#msgs.length}`);
      this.#msgs.push(this.#form.message(message));
    };
    engine.stateHook = (next: EngineState, previous: EngineState) => this.#timeline.push(`S:${previous}->${next}`);
    engine.subscribe((name, doc) => this.#onDocument(name, doc));
    this.engine = engine;
  }

  run(plan: Plan | readonly Msg[], subs: Subscribers | null = null, md: Metadata = {}): Promise<unknown> {
    return this.control('RE', () => this.clock.run(this.engine.run(plan, subs, md)));
  }
  resume(): Promise<unknown> {
    return this.control('resume', () => this.clock.run(this.engine.resume()));
  }
  abort(reason = ''): Promise<unknown> {
    return this.control('abort', () => this.clock.run(this.engine.abort(reason)));
  }
  stop(): Promise<unknown> {
    return this.control('stop', () => this.clock.run(this.engine.stop()));
  }
  halt(): Promise<unknown> {
    return this.control('halt', () => this.clock.run(this.engine.halt()));
  }

  /** Takes down how a call ends. */
  async control(call: string, work: () => Promise<unknown>): Promise<unknown> {
    this.#timeline.push(`C:${call}`);
    let raised: RecordedCall['raised'] = null;
    let value: unknown = null;
    try {
      value = await work();
    } catch (thrown) {
      const error = asError(thrown);
      raised = { type: error.name, message: error.message };
      if (error.cause instanceof Error) {
        raised = { ...raised, cause: { type: error.cause.name, message: error.cause.message } };
      }
    }
    this.#calls.push({ call, raised, value, state_after: this.engine.state });
    return value;
  }

  /** Does something after `seconds` of the clock, s. */
  later(seconds: number, action: () => unknown, label: string): void {
    this.clock.setTimeout(() => {
      this.#timeline.push(`T:${label}`);
      Promise.resolve(action()).catch((error: unknown) => this.faults.push(asError(error)));
    }, seconds * 1000);
  }

  trace(): Trace {
    const stops = this.#docs.filter(([name]) => name === 'stop').map(([, doc]) => doc);
    return {
      msgs: this.#msgs,
      docs: this.#docs.map(([name, doc]) => [name, this.#form.document(doc)] as const),
      timeline: this.#timeline,
      device_log: this.bench.log.map((entry) => this.#form.value(entry)),
      outcome: {
        calls: this.#calls.map(({ value, raised, ...call }) => ({
          ...call,
          raised: raised && { ...raised, message: String(this.#form.value(raised.message)) },
          result: this.#result(value),
        })),
        stops: stops.map((stop) => [stop.exit_status, stop.reason ?? '']),
      },
      extras: this.#form.value(this.extras) as Record<string, unknown>,
    };
  }

  #result(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || !('runStartUids' in value)) return this.#form.value(value);
    const { runStartUids, planResult, exitStatus, interrupted, reason, exception } = value as unknown as Record<
      string,
      unknown
    >;
    return this.#form.value({
      run_start_uids: runStartUids,
      plan_result: planResult,
      exit_status: exitStatus,
      interrupted,
      reason,
      exception,
    });
  }

  #onDocument(name: string, doc: Document): void {
    this.#timeline.push(`D${this.#docs.length}`);
    const copy = structuredClone(doc) as unknown as Record<string, unknown>;
    this.#form.emitted(copy);
    this.#docs.push([name, copy]);
  }
}

/** A plan under the name that the reference takes from its function. */
export function named<Result>(name: string, plan: () => Plan<Result>): Plan<Result> {
  return namePlan(plan(), name);
}

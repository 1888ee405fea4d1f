import type { Status } from '../device/status.ts';
import type { DocumentCallback, DocumentName, DocumentTypes } from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import { asError, RuntimeError } from '../util/errors.ts';
import { type NewUid, randomUid } from '../util/uid.ts';
import { Signal } from '../virtual/signal.ts';
import type { CommandHandler } from './command-context.ts';
import { COMMANDS } from './commands.ts';
import type { EngineState, Metadata, Preprocessor, RunEngineOptions, RunEngineResult } from './engine-options.ts';
import { RunEngineInterrupted, TransitionError } from './errors.ts';
import { type EngineServices, Execution } from './execution.ts';
import type { ControlRequest } from './interruption.ts';
import type { Msg, Plan } from './msg.ts';
import { planName } from './plan-name.ts';
import { type Subscribers, type SubscriptionName, Subscriptions } from './subscriptions.ts';
import type { Suspender, SuspendRequest, SuspendTarget } from './suspension.ts';

/** Control calls resolve by then, ms, also where a device holds the end up: the state tells how far it has come. */
const CONTROL_MS = 900;

/** What `run` and `resume` resolve with. */
export type RunOutcome<ReturnsResult extends boolean> = ReturnsResult extends true
  ? RunEngineResult
  : readonly string[];

/** Runs plans: executes their messages in order and emits the documents of their runs. */
export class RunEngine<ReturnsResult extends boolean = true> implements EngineServices, SuspendTarget {
  /** All waiting and all times go through it. */
  readonly clock: Clock;
  /** Uids of documents. */
  readonly newUid: NewUid;
  /** Goes into every start document, and is kept over runs; `scan_id` counts up in it. */
  readonly md: Metadata;
  /** Applied to each plan, the first one first: of [f, g] the result is g(f(plan)). */
  readonly preprocessors: Preprocessor[];
  /** Announces each change. */
  readonly stateChanged = new Signal<[next: EngineState, previous: EngineState]>();
  /** Announces each message before it is executed. */
  readonly messageStarted = new Signal<[message: Msg]>();
  /** Called with each message before it is executed; what it throws is thrown into the plan. */
  msgHook: ((message: Msg) => void) | null = null;
  /** Called with each change of state. */
  stateHook: ((next: EngineState, previous: EngineState) => void) | null = null;
  /** Called with what a `wait` waits for, and with null when it is over. */
  waitingHook: ((statuses: ReadonlySet<Status> | null) => void) | null = null;
  /** Said by every interruption. Empty: the reason of the interruption. */
  pauseMessage = '';
  /** True: what a subscriber throws goes to `onFault`, not into the plan. */
  ignoreCallbackExceptions = false;
  /** True: runs get a stream `interruptions` with an event for each pause, resume and suspension. */
  recordInterruptions = false;
  /** @internal */
  readonly options: RunEngineOptions<ReturnsResult>;
  readonly #commands = new Map<string, CommandHandler>(Object.entries(COMMANDS));
  readonly #subscriptions = new Subscriptions();
  readonly #suspenders = new Set<Suspender>();
  /** Calls that wait for their turn. */
  #waiting: { begin(): void; refuse(error: Error): void }[] = [];
  /** Subscriptions that end with the call. */
  #callTokens: number[] = [];
  #state: EngineState = 'idle';
  /** The last call; it goes on while the state is not idle. */
  #execution: Execution | null = null;
  #settled: { resolve(result: RunOutcome<ReturnsResult>): void; reject(error: Error): void } | null = null;
  #controlDone: (() => void)[] = [];

  /** @param options - clock, metadata and how to treat it, preprocessors. */
  constructor(options: RunEngineOptions<ReturnsResult>) {
    this.options = options;
    this.clock = options.clock;
    this.newUid = options.newUid ?? randomUid;
    this.md = options.md ?? {};
    this.preprocessors = [...(options.preprocessors ?? [])];
  }

  /** What it is doing. */
  get state(): EngineState {
    return this.#state;
  }

  /** True from a deferred pause until the checkpoint that it acts at. */
  get deferredPauseRequested(): boolean {
    return this.#execution?.deferredPause ?? false;
  }

  /** Calls `callback` with every document (of one kind), in the order of subscription. @returns a token for `unsubscribe`. */
  subscribe(callback: DocumentCallback, name: SubscriptionName = 'all'): number {
    return this.#subscriptions.add(callback, name);
  }

  /** As `subscribe`, until the call ends. @internal */
  subscribeForCall(callback: DocumentCallback, name: SubscriptionName): number {
    const token = this.#subscriptions.add(callback, name);
    this.#callTokens.push(token);
    return token;
  }

  /** Nothing happens for a token that is gone. */
  unsubscribe(token: number): void {
    this.#subscriptions.remove(token);
  }

  /** Teaches the engine a command of your own, or another way to execute one of its own. */
  registerCommand(name: string, handler: CommandHandler): void {
    this.#commands.set(name, handler);
  }

  /** Messages can no longer have this command. Nothing for one that is not there. */
  unregisterCommand(name: string): void {
    this.#commands.delete(name);
  }

  /** Commands that messages may have. */
  get commands(): readonly string[] {
    return [...this.#commands.keys()];
  }

  /** @internal */
  handlerOf(command: string): CommandHandler | undefined {
    return this.#commands.get(command);
  }

  /** What is installed. */
  get suspenders(): readonly Suspender[] {
    return [...this.#suspenders];
  }

  /** Lets `suspender` hold plans up, those that run and those to come. */
  installSuspender(suspender: Suspender): void {
    this.#suspenders.add(suspender);
    suspender.install(this);
  }

  /** The suspender no longer watches. Nothing for one that is not installed. */
  removeSuspender(suspender: Suspender): void {
    if (this.#suspenders.delete(suspender)) suspender.remove();
  }

  /** Holds the plan up at once; it goes on from its last checkpoint, and ends where there is none. Nothing when no plan runs. */
  requestSuspend(request: SuspendRequest): void {
    if (this.#state === 'running') this.#execution?.askToSuspend(request);
  }

  /**
   * Starts a plan; while another one runs, when that has ended. The promise settles when the plan ends or is paused.
   * @param plan - a plan, or a list of messages. @param subs - hear of the documents of this call only.
   * @param md - goes into its start documents, before that of plan and engine.
   * @throws (as a rejection) RunEngineInterrupted when paused, stopped, aborted or halted; RuntimeError when the engine is paused;
   * else the plan's own error.
   */
  run(
    plan: Plan | readonly Msg[],
    subs: Subscribers | null = null,
    md: Metadata = {},
  ): Promise<RunOutcome<ReturnsResult>> {
    if (this.#state === 'paused') return Promise.reject(new RuntimeError('The RunEngine is in a paused state'));
    if (this.#state === 'idle' && this.#waiting.length === 0) return this.#begin(plan, subs, md);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ begin: () => void this.#begin(plan, subs, md).then(resolve, reject), refuse: reject });
    });
  }

  #begin(plan: Plan | readonly Msg[], subs: Subscribers | null, md: Metadata): Promise<RunOutcome<ReturnsResult>> {
    this.#callTokens = this.#subscriptions.addAll(subs);
    const given = isPlan(plan) ? plan : each(plan);
    const whole = this.preprocessors.reduce((inner, preprocess) => preprocess(inner), given);
    this.#execution = new Execution(this, whole, calledBy(plan), md);
    this.#waitForSuspenders();
    return this.#go();
  }

  /** Goes on after a pause, from the last checkpoint. Settles as `run`. @throws (as a rejection) TransitionError when it is not paused. */
  resume(): Promise<RunOutcome<ReturnsResult>> {
    if (this.#state !== 'paused') {
      return Promise.reject(
        new TransitionError(`The RunEngine is the ${this.#state} state. You can only resume for the paused state.`),
      );
    }
    this.#execution?.rewind();
    this.#waitForSuspenders();
    return this.#go();
  }

  /** A light that was interlocked while nothing ran, or while the plan was paused, holds it up from its first message on. */
  #waitForSuspenders(): void {
    for (const suspender of this.#suspenders) {
      const pending = suspender.pending();
      if (pending) this.#execution?.waitFirst(pending);
    }
  }

  /**
   * Pauses at once, or at the next checkpoint. Resolves when paused (deferred: at once).
   * @throws (as a rejection) TransitionError when no plan runs.
   */
  async pause(options: { readonly defer?: boolean } = {}): Promise<void> {
    if (this.#state !== 'running' || !this.#execution) {
      throw new TransitionError(`Run Engine is in '${this.#state}' state and can not be paused.`);
    }
    if (options.defer) this.#execution.requestPause(true);
    else await this.#ask({ kind: 'pause' });
  }

  /**
   * Ends the plan as failed by choice; its clean-up runs. What waits for its turn is refused. Resolves when idle, and after 0.9 s
   * at the latest. @throws (as a rejection) TransitionError when idle.
   */
  abort(reason = ''): Promise<RunOutcome<ReturnsResult>> {
    return this.#end({ kind: 'abort', reason }, 'aborting');
  }

  /**
   * Ends the plan in good order; its clean-up runs. What waits for its turn is refused. Resolves when idle, and after 0.9 s at the
   * latest. @throws (as a rejection) TransitionError when idle.
   */
  stop(): Promise<RunOutcome<ReturnsResult>> {
    return this.#end({ kind: 'stop' }, 'stopping');
  }

  /**
   * Ends the plan at once, without its clean-up. What waits for its turn is refused. Resolves when idle, and after 0.9 s at the
   * latest. @throws (as a rejection) TransitionError when idle.
   */
  halt(): Promise<RunOutcome<ReturnsResult>> {
    return this.#end({ kind: 'halt' }, 'halting');
  }

  /** Resolves when nothing runs, and at once when nothing does: after `abort`, before the devices are closed. */
  async whenIdle(): Promise<void> {
    while (this.#state !== 'idle') {
      await new Promise<void>((resolve) => {
        const connection = this.stateChanged.connect(() => {
          connection[Symbol.dispose]();
          resolve();
        });
      });
    }
  }

  /** @internal */
  announce(message: Msg): void {
    this.options.guard?.(message);
    this.msgHook?.(message);
    if (this.messageStarted.connected) this.messageStarted.emit(message);
  }

  /** @internal */
  emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    this.#subscriptions.emit(name, doc, this.ignoreCallbackExceptions ? (error) => this.fault(error) : null);
  }

  /** @internal */
  setState(next: EngineState): void {
    const previous = this.#state;
    this.#state = next;
    if (next === previous) return;
    this.stateHook?.(next, previous);
    this.stateChanged.emit(next, previous);
  }

  /** @internal */
  fault(thrown: unknown): void {
    this.options.onFault?.(asError(thrown));
  }

  #go(): Promise<RunOutcome<ReturnsResult>> {
    this.setState('running');
    return new Promise((resolve, reject) => {
      this.#settled = { resolve, reject };
      this.#continue();
    });
  }

  #continue(): void {
    this.#execution?.run().then(
      (end) => {
        if (end === 'paused') this.#paused();
        else this.#finish(null);
      },
      (thrown: unknown) => this.#finish(asError(thrown)),
    );
  }

  async #ask(request: ControlRequest): Promise<void> {
    const done = this.#nextControlDone();
    this.#execution?.control(request);
    await done;
  }

  #nextControlDone(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.clock.setTimeout(resolve, CONTROL_MS);
      this.#controlDone.push(() => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  }

  async #end(request: ControlRequest, state: EngineState): Promise<RunOutcome<ReturnsResult>> {
    const execution = this.#execution;
    if (this.#state === 'idle' || !execution) throw new TransitionError('RunEngine is already idle.');
    const ending = this.#state === 'aborting' || this.#state === 'stopping' || this.#state === 'halting';
    // Asking twice must not break off the clean-up that the first call set going; only halt may.
    if (ending && (request.kind !== 'halt' || this.#state === 'halting')) await this.#nextControlDone();
    else {
      this.#refuseWaiting(new RunEngineInterrupted([], `${state}: it had not begun`));
      const wasPaused = this.#state === 'paused';
      this.setState(state);
      const done = this.#ask(request);
      if (wasPaused) this.#continue();
      await done;
    }
    return this.#outcomeOf(execution);
  }

  #paused(): void {
    this.#settled?.reject(new RunEngineInterrupted(this.#execution?.uids ?? [], this.pauseMessage));
    this.#settled = null;
    this.#releaseControls();
    this.#refuseWaiting(new RuntimeError('The RunEngine is in a paused state'));
  }

  #finish(fault: Error | null): void {
    const execution = this.#execution as Execution;
    const settled = this.#settled;
    this.#settled = null;
    for (const token of this.#callTokens.splice(0)) this.unsubscribe(token);
    this.setState('idle');
    const { interrupted, reason, exception } = execution.exit;
    if (fault) settled?.reject(fault);
    else if (interrupted) settled?.reject(new RunEngineInterrupted(execution.uids, this.pauseMessage || reason));
    else if (exception) settled?.reject(exception);
    else settled?.resolve(this.#outcomeOf(execution));
    this.#releaseControls();
    this.#waiting.shift()?.begin();
  }

  #outcomeOf({ uids, exit, planResult }: Execution): RunOutcome<ReturnsResult> {
    const { status: exitStatus, reason, interrupted, exception } = exit;
    const result: RunEngineResult = { runStartUids: uids, planResult, exitStatus, interrupted, reason, exception };
    const short = this.options.callReturnsResult === false;
    return (short ? uids : result) as unknown as RunOutcome<ReturnsResult>;
  }

  #refuseWaiting(error: Error): void {
    for (const call of this.#waiting.splice(0)) call.refuse(error);
  }

  #releaseControls(): void {
    for (const release of this.#controlDone.splice(0)) release();
  }
}

function isPlan(plan: Plan | readonly Msg[]): plan is Plan {
  return 'next' in plan;
}

/** What the start document says of a plan that does not say it itself. */
function calledBy(plan: Plan | readonly Msg[]): Metadata {
  if (!isPlan(plan)) return { plan_type: 'list', plan_name: '' };
  const name = planName(plan);
  return name === '' ? { plan_type: 'generator' } : { plan_type: 'generator', plan_name: name };
}

function* each(messages: readonly Msg[]): Plan<void> {
  for (const message of messages) yield message;
}

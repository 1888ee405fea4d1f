import { type Awaitable, isPausable, isStageable, isStoppable } from '../device/protocols.ts';
import { Status } from '../device/status.ts';
import type { DocumentCallback, DocumentName, DocumentTypes, ExitStatus } from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import { asError, hasCode, RedsunError, RuntimeError } from '../util/errors.ts';
import { type NewUid, randomUid } from '../util/uid.ts';
import { Signal } from '../virtual/signal.ts';
import { COMMANDS, type CommandContext, type CommandHandler, UNCACHED } from './commands.ts';
import {
  defaultScanIdSource,
  type EngineState,
  type Metadata,
  type Preprocessor,
  type RunEngineOptions,
  type RunEngineResult,
} from './engine-options.ts';
import { FailedStatus, RequestAbort, RequestStop, RunEngineInterrupted, TransitionError } from './errors.ts';
import { describeMsg, type Msg, type Plan } from './msg.ts';
import { type Answer, PlanStack } from './plan-stack.ts';
import { nameOf, RunBundler } from './run-bundler.ts';
import { type Subscribers, type SubscriptionName, Subscriptions } from './subscriptions.ts';
import { type Suspender, type SuspendRequest, type SuspendTarget, suspension } from './suspension.ts';

type Request =
  | { readonly kind: 'pause' }
  | { readonly kind: 'suspend'; readonly request: SuspendRequest }
  | { readonly kind: 'abort'; readonly reason: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'halt' };

const GIVE_WAY_AFTER_MS = 5;

/** What `run` and `resume` resolve with. */
export type RunOutcome<ReturnsResult extends boolean> = ReturnsResult extends true
  ? RunEngineResult
  : readonly string[];

/** Runs plans: executes their messages in order and emits the documents of their runs. */
export class RunEngine<ReturnsResult extends boolean = true> implements CommandContext, SuspendTarget {
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
  /** True: what a subscriber throws goes to `onFault`, not into the plan. */
  ignoreCallbackExceptions = false;
  /** True: runs get a stream `interruptions` with an event for each pause, resume and suspension. */
  recordInterruptions = false;
  /** @internal */
  readonly runs = new Map<string | null, RunBundler>();
  /** @internal */
  readonly groups = new Map<unknown, Set<Status>>();
  /** @internal */
  readonly staged = new Set<object>();
  /** @internal */
  readonly moved = new Set<object>();
  readonly #options: RunEngineOptions<ReturnsResult>;
  readonly #commands = new Map<string, CommandHandler>(Object.entries(COMMANDS));
  readonly #subscriptions = new Subscriptions();
  readonly #suspenders = new Set<Suspender>();
  /** Calls that wait for their turn. */
  #waiting: { begin(): void; refuse(error: Error): void }[] = [];
  #callMetadata: Metadata = {};
  /** Subscriptions that end with the call. */
  #callTokens: number[] = [];
  #state: EngineState = 'idle';
  readonly #plans = new PlanStack();
  /** Messages since the last checkpoint; null: not resumable. */
  #cache: Msg[] | null = null;
  #request: Request | null = null;
  #wakeInterrupt: (() => void) | null = null;
  #deferredPause = false;
  #failure: FailedStatus | null = null;
  /** Counts up with each pause. */
  #stretch = 0;
  /** The message that a pause broke off: its answer comes from the replay. */
  #brokenOff = false;
  /** Of the message that is being executed, once somebody asked for it. */
  #breakOff: AbortController | null = null;
  #uids: string[] = [];
  #exit: { status: ExitStatus; reason: string; interrupted: boolean; exception: Error | null } = success();
  #planResult: unknown;
  #settled: { resolve(result: RunOutcome<ReturnsResult>): void; reject(error: Error): void } | null = null;
  #controlDone: (() => void)[] = [];

  /** @param options - clock, metadata and how to treat it, preprocessors. */
  constructor(options: RunEngineOptions<ReturnsResult>) {
    this.#options = options;
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
    return this.#deferredPause;
  }

  /** Calls `callback` with every document (of one kind), in the order of subscription. @returns a token for `unsubscribe`. */
  subscribe(callback: DocumentCallback, name: SubscriptionName = 'all'): number {
    return this.#subscriptions.add(callback, name);
  }

  /** Nothing happens for a token that is gone. */
  unsubscribe(token: number): void {
    this.#subscriptions.remove(token);
  }

  /** Teaches the engine a command of your own, or another way to execute one of its own. */
  registerCommand(name: string, handler: CommandHandler): void {
    this.#commands.set(name, handler);
  }

  /** Commands that messages may have. */
  get commands(): readonly string[] {
    return [...this.#commands.keys()];
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

  /** Holds the plan up at once; it goes on from its last checkpoint, and fails where there is none. Nothing when no plan runs. */
  requestSuspend(request: SuspendRequest): void {
    if (this.#state !== 'running' || this.#request) return;
    this.#request = { kind: 'suspend', request };
    this.#wakeInterrupt?.();
  }

  /**
   * Starts a plan; while another one runs, when that has ended. The promise settles when the plan ends or is paused.
   * @param subs - hear of the documents of this call only. @param md - goes into its start documents, before that of plan and engine.
   * @throws (as a rejection) RunEngineInterrupted when paused, stopped, aborted or halted; RuntimeError when the engine is paused;
   * else the plan's own error.
   */
  run(plan: Plan, subs: Subscribers | null = null, md: Metadata = {}): Promise<RunOutcome<ReturnsResult>> {
    if (this.#state === 'paused') return Promise.reject(new RuntimeError('The RunEngine is in a paused state'));
    if (this.#state === 'idle' && this.#waiting.length === 0) return this.#begin(plan, subs, md);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ begin: () => void this.#begin(plan, subs, md).then(resolve, reject), refuse: reject });
    });
  }

  #begin(plan: Plan, subs: Subscribers | null, md: Metadata): Promise<RunOutcome<ReturnsResult>> {
    this.#callMetadata = md;
    this.#callTokens = this.#subscriptions.addAll(subs);
    this.#plans.clear();
    this.#plans.push(this.preprocessors.reduce((inner, preprocess) => preprocess(inner), plan));
    for (const suspender of this.#suspenders) {
      const pending = suspender.pending();
      if (pending) this.#plans.push(suspension(pending));
    }
    this.#cache = [];
    this.#request = null;
    this.#failure = null;
    this.#deferredPause = false;
    this.#brokenOff = false;
    this.#uids = [];
    this.#planResult = undefined;
    this.#exit = success();
    this.groups.clear();
    this.staged.clear();
    this.moved.clear();
    return this.#start();
  }

  /** Goes on after a pause, from the last checkpoint. Settles as `run`. @throws (as a rejection) TransitionError when it is not paused. */
  resume(): Promise<RunOutcome<ReturnsResult>> {
    if (this.#state !== 'paused') {
      return Promise.reject(
        new TransitionError(`The RunEngine is the ${this.#state} state. You can only resume for the paused state.`),
      );
    }
    this.#interruption('resume');
    this.resumeDevices();
    this.#rewind();
    return this.#start();
  }

  /** Pauses at once, or at the next checkpoint. Resolves when paused (deferred: at once). @throws (as a rejection) TransitionError when no plan runs. */
  pause(options: { readonly defer?: boolean } = {}): Promise<void> {
    if (this.#state !== 'running') {
      return Promise.reject(new TransitionError(`The RunEngine is ${this.#state}: there is nothing to pause.`));
    }
    if (options.defer) {
      this.#deferredPause = true;
      return Promise.resolve();
    }
    return this.#ask({ kind: 'pause' });
  }

  /** Ends the plan as failed by choice; its clean-up runs. What waits for its turn is refused. Resolves when idle. @throws (as a rejection) TransitionError when idle. */
  abort(reason = ''): Promise<void> {
    return this.#end({ kind: 'abort', reason }, 'aborting');
  }

  /** Ends the plan in good order; its clean-up runs. What waits for its turn is refused. Resolves when idle. @throws (as a rejection) TransitionError when idle. */
  stop(): Promise<void> {
    return this.#end({ kind: 'stop' }, 'stopping');
  }

  /** Ends the plan at once, without its clean-up. What waits for its turn is refused. Resolves when idle. @throws (as a rejection) TransitionError when idle. */
  halt(): Promise<void> {
    return this.#end({ kind: 'halt' }, 'halting');
  }

  /** @internal */
  emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    if (name === 'start') this.#uids.push((doc as DocumentTypes['start']).uid);
    const onError = this.ignoreCallbackExceptions ? (error: Error) => this.#fault(error) : null;
    this.#subscriptions.emit(name, doc, onError);
  }

  /** Opens a run with the metadata of engine, plan and call, the later before the earlier. @internal */
  openRun(key: string | null, planMetadata: Metadata): Awaitable<string> {
    const { scanIdSource = defaultScanIdSource, mdValidator, mdNormalizer } = this.#options;
    const open = (scanId: number): string => {
      this.md.scan_id = scanId;
      const md = { ...this.md, ...planMetadata, ...this.#callMetadata };
      mdValidator?.({ ...md });
      const run = new RunBundler({
        metadata: mdNormalizer?.({ ...md }) ?? md,
        emit: (name, doc) => this.emit(name, doc),
        newUid: this.newUid,
        now: () => this.clock.now(),
        recordInterruptions: this.recordInterruptions,
      });
      this.runs.set(key, run);
      this.checkpoint();
      return run.uid;
    };
    const scanId = scanIdSource(this.md);
    return scanId instanceof Promise ? scanId.then(open) : open(scanId);
  }

  /** Aborts when the message that is being executed is broken off. Ask before the first `await`. @internal */
  breakOffSignal(): AbortSignal {
    this.#breakOff ??= new AbortController();
    return this.#breakOff.signal;
  }

  /** @internal */
  reportUntold(device: string, frames: number): void {
    const why = 'another device of the stream has fewer';
    this.#fault(
      new RedsunError('engine/untold-frames', `${device}: no document tells of its last ${frames} frames: ${why}`),
    );
  }

  /** Devices that were paused go on. @internal */
  resumeDevices(): void {
    for (const obj of this.#touched()) {
      if (isPausable(obj)) void attempt(() => obj.resume()).catch((thrown) => this.#fault(thrown));
    }
  }

  /** Puts a status into a group; a failure comes up at the next message. @internal */
  track(status: Status, group: unknown): void {
    let statuses = this.groups.get(group);
    if (!statuses) this.groups.set(group, (statuses = new Set()));
    statuses.add(status);
    const stretch = this.#stretch;
    status.addCallback(() => {
      // What was begun before a pause is begun again after it: how the first attempt ends is of no interest.
      if (status.success || this.#state === 'idle' || stretch !== this.#stretch) return;
      this.#failure ??= new FailedStatus(status, status.error);
      this.#wakeInterrupt?.();
    });
  }

  /** @internal */
  checkpoint(): void {
    this.forgetMessages();
    if (this.#deferredPause) {
      this.#deferredPause = false;
      this.#request ??= { kind: 'pause' };
    }
  }

  /** @internal */
  forgetMessages(): void {
    if (this.#cache) this.#cache = [];
    for (const run of this.runs.values()) run.markCheckpoint();
  }

  /** @internal */
  clearCheckpoint(): void {
    this.#cache = null;
  }

  /** @internal */
  requestPause(defer: boolean): void {
    if (defer) this.#deferredPause = true;
    else this.#request ??= { kind: 'pause' };
  }

  #start(): Promise<RunOutcome<ReturnsResult>> {
    this.#setState('running');
    return new Promise((resolve, reject) => {
      this.#settled = { resolve, reject };
      this.#loop().catch((thrown: unknown) => this.#finish(asError(thrown)));
    });
  }

  #ask(request: Request): Promise<void> {
    this.#request = request;
    const done = this.#nextControlDone();
    this.#wakeInterrupt?.();
    return done;
  }

  #nextControlDone(): Promise<void> {
    return new Promise((resolve) => this.#controlDone.push(resolve));
  }

  #end(request: Request, state: EngineState): Promise<void> {
    if (this.#state === 'idle') return Promise.reject(new TransitionError('RunEngine is already idle.'));
    const ending = this.#state === 'aborting' || this.#state === 'stopping' || this.#state === 'halting';
    // Asking twice must not break off the clean-up that the first call set going; only halt may.
    if (ending && (request.kind !== 'halt' || this.#state === 'halting')) return this.#nextControlDone();
    this.#refuseWaiting(new RunEngineInterrupted([], `${state}: it had not begun`));
    const wasPaused = this.#state === 'paused';
    this.#setState(state);
    const done = this.#ask(request);
    if (wasPaused) this.#loop().catch((thrown: unknown) => this.#finish(asError(thrown)));
    return done;
  }

  async #loop(): Promise<void> {
    let busySinceMs = this.clock.monotonicMs();
    while (!this.#plans.empty) {
      if (this.#request) {
        if (this.#request.kind === 'pause' && this.#cache !== null) {
          if (await this.#pauseNow()) return;
          continue;
        }
        if (this.#request.kind === 'suspend' && this.#cache !== null) {
          await this.#suspendNow(this.#request.request);
          continue;
        }
        if (!this.#throwRequest(this.#request)) break;
      } else if (this.#failure) {
        this.#plans.answer({ kind: 'error', error: this.#failure });
        this.#failure = null;
      }
      const message = this.#nextMessage();
      if (!message) continue;
      if (this.#cache && !UNCACHED.has(message.command)) this.#cache.push(message);
      const answer = this.#execute(message);
      if (answer instanceof Promise) {
        this.#plans.answer(await this.#interruptible(answer, message));
        busySinceMs = this.clock.monotonicMs();
      } else {
        this.#plans.answer(answer);
        if (this.clock.monotonicMs() - busySinceMs > GIVE_WAY_AFTER_MS) {
          await (this.#options.giveWay?.() ?? this.clock.sleep(0));
          busySinceMs = this.clock.monotonicMs();
        }
      }
    }
    await this.#cleanUp();
    this.#finish(this.#exit.exception);
  }

  /** The next message; null when a plan ended, and so perhaps the last one. */
  #nextMessage(): Msg | null {
    const step = this.#plans.next();
    if (step.kind === 'message') return step.message;
    if (step.kind === 'ended') this.#planResult = step.result;
    if (step.kind === 'failed') this.#fail(step.error);
    return null;
  }

  #execute(message: Msg): Answer | Promise<Answer> {
    try {
      this.#options.guard?.(message);
      this.msgHook?.(message);
      this.messageStarted.emit(message);
      this.#breakOff = null;
      const handler = this.#commands.get(message.command);
      if (!handler) throw new RedsunError('engine/invalid-command', `There is no command "${message.command}"`);
      const result = handler(this, message);
      if (!(result instanceof Promise)) return { kind: 'value', value: result };
      return result.then(
        (value): Answer => ({ kind: 'value', value }),
        (thrown: unknown): Answer => ({ kind: 'error', error: withMessage(asError(thrown), message) }),
      );
    } catch (thrown) {
      return { kind: 'error', error: withMessage(asError(thrown), message) };
    }
  }

  /** The answer, or an empty one as soon as somebody asks for something else: a device that hangs holds nobody up. */
  async #interruptible(answer: Promise<Answer>, message: Msg): Promise<Answer> {
    let interrupted = false;
    const repeatable = !UNCACHED.has(message.command);
    const interrupt = new Promise<Answer>((resolve) => {
      this.#wakeInterrupt = () => {
        // What a resume does not repeat is done to its end before a pause.
        const held = this.#request?.kind === 'pause' || this.#request?.kind === 'suspend';
        if (held && !this.#failure && this.#cache && !repeatable) return;
        interrupted = true;
        resolve({ kind: 'value', value: undefined });
      };
    });
    if (this.#request || this.#failure) this.#wakeInterrupt?.();
    const first = await Promise.race([answer, interrupt]);
    this.#wakeInterrupt = null;
    if (interrupted) {
      this.#breakOff?.abort(new RedsunError('engine/broken-off', `${describeMsg(message)} was broken off`));
      this.#brokenOff = (this.#request?.kind === 'pause' || this.#request?.kind === 'suspend') && repeatable;
      void answer.then((late) => {
        const expected =
          late.kind === 'value' || late.error instanceof FailedStatus || hasCode(late.error, 'engine/broken-off');
        if (!expected) this.#fault(late.error);
      });
    }
    return first;
  }

  /** False: an abort, stop or halt came while things were brought to rest. */
  async #pauseNow(): Promise<boolean> {
    this.#setState('pausing');
    this.#interruption('pause');
    await this.#bringToRest();
    if (this.#request) return false;
    this.#setState('paused');
    this.#settled?.reject(new RunEngineInterrupted(this.#uids));
    this.#settled = null;
    this.#releaseControls();
    this.#refuseWaiting(new RuntimeError('The RunEngine is in a paused state'));
    return true;
  }

  /** The plan waits on top of itself, and then repeats what it did since the last checkpoint. */
  async #suspendNow(request: SuspendRequest): Promise<void> {
    this.#setState('suspending');
    this.#interruption(request.justification ?? 'suspended');
    await this.#bringToRest();
    this.#setState('running');
    this.#rewind();
    this.#plans.push(suspension(request));
  }

  async #bringToRest(): Promise<void> {
    this.#request = null;
    this.#failure = null;
    this.#stretch++;
    this.groups.clear();
    await this.#stopMoved();
    for (const obj of this.#touched()) {
      if (isPausable(obj)) await attempt(() => obj.pause()).catch((thrown) => this.#fault(thrown));
    }
  }

  #rewind(): void {
    const replay = this.#cache ?? [];
    this.#cache = [];
    for (const run of this.runs.values()) run.rewind();
    this.#plans.pushReplay(replay, this.#brokenOff);
    this.#brokenOff = false;
  }

  #interruption(content: string): void {
    for (const run of this.runs.values()) run.recordInterruption(content);
  }

  /** Throws the request into the plan. False: nothing of the plan is to run any more. */
  #throwRequest(request: Request): boolean {
    this.#request = null;
    const { kind } = request;
    this.#exit = { ...this.#exit, interrupted: true };
    if (kind === 'halt') {
      this.#plans.clear();
      this.#exit = { ...this.#exit, status: 'abort', reason: 'halted' };
      return false;
    }
    if (kind === 'pause' || kind === 'suspend') {
      this.#fail(new RedsunError('engine/failed-pause', 'A pause was asked for where the plan cannot go on from.'));
      this.#plans.answer({ kind: 'error', error: new RequestAbort('paused where the plan cannot go on from') });
      this.#exit = { ...this.#exit, status: 'abort' };
      return true;
    }
    this.#exit = kind === 'abort' ? { ...this.#exit, status: 'abort', reason: request.reason } : this.#exit;
    this.#cache = null;
    this.#failure = null;
    this.#plans.answer({
      kind: 'error',
      error: kind === 'abort' ? new RequestAbort(request.reason) : new RequestStop(),
    });
    return true;
  }

  #fail(error: Error): void {
    if (error instanceof RequestAbort || error instanceof RequestStop) return;
    if (this.#exit.status === 'abort') this.#fault(error);
    else this.#exit = { ...this.#exit, status: 'fail', reason: error.message, exception: error };
  }

  /** What a plan may have left: moving axes, staged devices, open runs. Each is tried, whatever the others did. */
  async #cleanUp(): Promise<void> {
    this.#failure = null;
    await this.#stopMoved();
    for (const obj of [...this.staged]) {
      try {
        const result = isStageable(obj) ? await obj.unstage() : [];
        if (result instanceof Status) await result.wait();
      } catch (thrown) {
        this.#fault(thrown);
        if (this.#exit.status === 'success') this.#fail(asError(thrown));
      }
    }
    this.staged.clear();
    for (const run of [...this.runs.values()]) {
      try {
        run.close(this.#exit.status, this.#exit.reason);
      } catch (thrown) {
        this.#fault(thrown);
        if (this.#exit.status === 'success') this.#fail(asError(thrown));
      }
    }
    this.runs.clear();
  }

  async #stopMoved(): Promise<void> {
    for (const obj of [...this.moved]) {
      if (!isStoppable(obj)) continue;
      try {
        await obj.stop({ success: true });
      } catch (thrown) {
        this.#fault(new RedsunError('engine/stop-failed', `${nameOf(obj)} did not stop`, { cause: thrown }));
      }
    }
  }

  #touched(): Set<object> {
    return new Set([...this.staged, ...this.moved]);
  }

  #finish(error: Error | null): void {
    const { status, reason, interrupted, exception } = this.#exit;
    const settled = this.#settled;
    this.#settled = null;
    for (const token of this.#callTokens.splice(0)) this.unsubscribe(token);
    this.#plans.clear();
    this.runs.clear();
    this.#setState('idle');
    if (error) settled?.reject(error);
    else if (interrupted) settled?.reject(new RunEngineInterrupted(this.#uids, reason));
    else {
      const runStartUids = this.#uids;
      const result = { runStartUids, planResult: this.#planResult, exitStatus: status, interrupted, reason, exception };
      const short = this.#options.callReturnsResult === false;
      settled?.resolve((short ? runStartUids : result) as unknown as RunOutcome<ReturnsResult>);
    }
    this.#releaseControls();
    this.#waiting.shift()?.begin();
  }

  #refuseWaiting(error: Error): void {
    for (const call of this.#waiting.splice(0)) call.refuse(error);
  }

  #releaseControls(): void {
    const waiting = this.#controlDone;
    this.#controlDone = [];
    for (const resolve of waiting) resolve();
  }

  #setState(next: EngineState): void {
    const previous = this.#state;
    this.#state = next;
    if (next === previous) return;
    this.stateHook?.(next, previous);
    this.stateChanged.emit(next, previous);
  }

  #fault(thrown: unknown): void {
    this.#options.onFault?.(asError(thrown));
  }
}

function success(): { status: ExitStatus; reason: string; interrupted: boolean; exception: Error | null } {
  return { status: 'success', reason: '', interrupted: false, exception: null };
}

/** What `action` throws becomes a rejection. */
async function attempt(action: () => unknown): Promise<void> {
  await action();
}

/** Says which message it was, once, and leaves the error's own stack alone. */
function withMessage(error: Error, message: Msg): Error {
  if (!('planMessage' in error)) Object.defineProperty(error, 'planMessage', { value: describeMsg(message) });
  return error;
}

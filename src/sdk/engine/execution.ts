import type { Awaitable } from '../device/protocols.ts';
import type { Status } from '../device/status.ts';
import type { DocumentCallback, DocumentName, DocumentTypes, ExitStatus } from '../events/documents.ts';
import { after } from '../util/awaitable.ts';
import type { Clock } from '../util/clock.ts';
import { asError, RedsunError, ValueError } from '../util/errors.ts';
import type { NewUid } from '../util/uid.ts';
import { type CallExit, cleanUp, tellForgotten } from './clean-up.ts';
import type { CommandContext, CommandHandler, RunExit } from './command-context.ts';
import { defaultScanIdSource, type EngineState, type Metadata, type RunEngineOptions } from './engine-options.ts';
import {
  FailedPause,
  FailedStatus,
  InvalidCommand,
  isControlException,
  PlanHalt,
  RequestAbort,
  RequestStop,
} from './errors.ts';
import { type ControlRequest, Interruption } from './interruption.ts';
import { type Msg, type Plan, withMessage } from './msg.ts';
import { type Answer, PlanStack } from './plan-stack.ts';
import { ReplayCache } from './replay-cache.ts';
import { pauseAll, type RestTools, resumeAll, stopAll } from './rest.ts';
import { RunDocuments } from './run-documents.ts';
import type { SubscriptionName } from './subscriptions.ts';
import { type Suspender, type SuspendRequest, startOfSuspension, suspension } from './suspension.ts';

/** What an execution uses of its engine. */
export interface EngineServices {
  readonly clock: Clock;
  readonly newUid: NewUid;
  readonly md: Metadata;
  readonly options: RunEngineOptions;
  readonly state: EngineState;
  readonly recordInterruptions: boolean;
  readonly waitingHook: ((statuses: ReadonlySet<Status> | null) => void) | null;
  /** Who answers messages with this command. */
  handlerOf(command: string): CommandHandler | undefined;
  /** Announces a message before it is executed. @throws what refuses it. */
  announce(message: Msg): void;
  emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void;
  setState(next: EngineState): void;
  fault(thrown: unknown): void;
  subscribeForCall(callback: DocumentCallback, name: SubscriptionName): number;
  unsubscribe(token: number): void;
  installSuspender(suspender: Suspender): void;
  removeSuspender(suspender: Suspender): void;
}

const GIVE_WAY_AFTER_MS = 5;
/** Reading the clock costs as much as a message. */
const MESSAGES_BETWEEN_LOOKS = 32;

/** Why the stretch of messages ended. */
type Halted =
  | { readonly kind: 'waits'; readonly message: Msg; readonly answer: Promise<Answer> }
  | { readonly kind: 'asked' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'over' };

/** One call of the engine, from its first message to the end of its clean-up. */
export class Execution implements CommandContext {
  readonly clock: Clock;
  readonly runs = new Map<string | null, RunDocuments>();
  readonly groups = new Map<unknown, Set<Status>>();
  readonly staged = new Set<object>();
  readonly moved = new Set<object>();
  /** Everything that messages were for: it hears of pauses. */
  readonly #seen = new Set<object>();
  /** Of the start documents. */
  readonly uids: string[] = [];
  rewindable = true;
  exit: CallExit = { status: 'success', reason: '', interrupted: false, exception: null };
  /** A pause waits for the next checkpoint. */
  deferredPause = false;
  readonly #engine: EngineServices;
  readonly #metadata: Metadata;
  /** What its runs are called by where neither plan nor call says otherwise. */
  readonly #planMetadata: Metadata;
  readonly #plans = new PlanStack();
  readonly #rest: RestTools;
  /** A halt lets nothing take its time, nor does what was begun before. */
  readonly #hurry = new AbortController();
  readonly #cache = new ReplayCache();
  readonly #interruption: Interruption;
  /** Counts up with each request. */
  #stretch = 0;
  #over = false;
  /** The guard let a message not through. */
  #wasRefused = false;
  /** Executed last, or being executed. */
  #last: Msg | null = null;

  /** @param planMetadata - what the plan is called. @param metadata - of the call: the first that counts in start documents. */
  constructor(engine: EngineServices, plan: Plan, planMetadata: Metadata, metadata: Metadata) {
    this.#engine = engine;
    this.clock = engine.clock;
    this.#metadata = metadata;
    this.#planMetadata = planMetadata;
    this.#rest = { clock: engine.clock, onFault: (error) => engine.fault(error), hurry: this.#hurry.signal };
    this.#interruption = new Interruption(engine.clock, (error) => engine.fault(error));
    this.#plans.push(plan);
  }

  get waitingHook(): ((statuses: ReadonlySet<Status> | null) => void) | null {
    return this.#engine.waitingHook;
  }

  get engineClass(): abstract new (
    ...args: never[]
  ) => unknown {
    return this.#engine.constructor as abstract new (
      ...args: never[]
    ) => unknown;
  }

  /** What the plan returned; undefined when it did not come to its end, or was told to come to it. */
  get planResult(): unknown {
    if (this.exit.interrupted) return undefined;
    const { end } = this.#plans;
    return end?.kind === 'ended' ? end.result : undefined;
  }

  /** Executes messages until the plan is over or paused. */
  async run(): Promise<'paused' | 'over'> {
    while (!this.#plans.empty) {
      const halted = this.#stretchOfMessages();
      if (halted.kind === 'over') break;
      if (halted.kind === 'busy') await (this.#engine.options.giveWay?.() ?? this.clock.sleep(0));
      else if (halted.kind === 'waits') {
        const answer = await this.#answerOf(halted.answer, halted.message);
        if (answer === null) this.#plans.answer(undefined);
        else if (answer.kind === 'value') this.#plans.answer(answer.value);
        else this.#plans.throwInto(answer.error);
      } else {
        const next = await this.#doAsAsked();
        if (next === 'paused') return 'paused';
        if (next === 'over') break;
      }
    }
    const { end } = this.#plans;
    if (end?.kind === 'failed') this.#failed(end.error);
    if (!this.exit.interrupted) tellForgotten(this.#plans.forgotten, this.#rest.onFault);
    this.#interruption.forgive();
    const callEnd = { exit: () => this.exit, fail: (error: Error) => this.#failed(error) };
    await cleanUp(this, callEnd, this.#rest);
    this.#over = true;
    return 'over';
  }

  /** Somebody wants something else. */
  control(request: ControlRequest): void {
    if (request.kind === 'halt') this.#hurry.abort();
    this.#interruption.ask(request);
  }

  /** The plan is to wait until something is over. */
  askToSuspend(request: SuspendRequest): void {
    this.#interruption.askToSuspend(request);
  }

  /** Lets the plan wait before it goes on. */
  waitFirst(request: SuspendRequest): void {
    this.#plans.push(waitOnly(request));
  }

  /** A paused plan is to go on from its last checkpoint. */
  rewind(): void {
    for (const run of this.runs.values()) run.recordInterruption('resume');
    for (const run of this.runs.values()) run.monitors.restore();
    this.resumeDevices();
    this.#rewind();
  }

  // What command handlers use.

  openRun(key: string | null, planMetadata: Metadata): Awaitable<string> {
    const { md, options } = this.#engine;
    return after((options.scanIdSource ?? defaultScanIdSource)(md), (scanId) => {
      md.scan_id = scanId;
      const metadata = { ...md, ...this.#planMetadata, ...planMetadata, ...this.#metadata };
      (options.mdValidator ?? checkSample)({ ...metadata });
      const run = new RunDocuments({
        metadata: options.mdNormalizer?.({ ...metadata }) ?? metadata,
        emit: (name, doc) => this.#emit(name, doc),
        newUid: this.#engine.newUid,
        now: () => this.clock.now(),
        recordInterruptions: this.#engine.recordInterruptions,
        onError: (thrown) => this.#interruption.fail(asError(thrown)),
      });
      this.runs.set(key, run);
      run.open();
      this.checkpoint();
      return run.uid;
    });
  }

  #emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    if (name === 'start') this.uids.push((doc as DocumentTypes['start']).uid);
    this.#engine.emit(name, doc);
  }

  exitOf(status: ExitStatus, reason: string): RunExit {
    return status === 'fail' && this.#wasRefused && this.exit.status === 'abort' ? this.exit : { status, reason };
  }

  track(status: Status, group: unknown): void {
    const statuses = this.groups.get(group);
    if (statuses) statuses.add(status);
    else this.groups.set(group, new Set([status]));
    if (status.success) return;
    const stretch = this.#stretch;
    status.addCallback(() => {
      // What was begun before a pause is begun again after it: how the first attempt ends is of no interest.
      if (status.success || this.#over || stretch !== this.#stretch) return;
      this.#interruption.fail(new FailedStatus(status, status.error));
    });
  }

  checkpoint(): void {
    this.forgetMessages();
    if (!this.deferredPause) return;
    this.deferredPause = false;
    this.#interruption.pauseNext();
  }

  forgetMessages(): void {
    this.#cache.forget();
    for (const run of this.runs.values()) run.markCheckpoint();
  }

  clearCheckpoint(): void {
    this.#cache.giveUp();
  }

  setRewindable(rewindable: boolean): void {
    if (rewindable === this.rewindable) return;
    this.rewindable = rewindable;
    this.forgetMessages();
  }

  requestPause(defer: boolean): void {
    if (defer) this.deferredPause = true;
    else this.#interruption.pauseNext();
  }

  breakOffSignal(): AbortSignal {
    return this.#interruption.breakOffSignal();
  }

  reportUntold(device: string, frames: number): void {
    const why = 'another device of the stream has fewer';
    this.#engine.fault(
      new RedsunError('engine/untold-frames', `${device}: no document tells of its last ${frames} frames: ${why}`),
    );
  }

  async startSuspension(request: SuspendRequest): Promise<void> {
    for (const run of this.runs.values()) run.recordInterruption(request.justification || 'suspended');
    await this.#bringToRest();
    this.#rewind();
    this.#plans.push(suspension(request, this.rewindable));
  }

  resumeDevices(): void {
    resumeAll(this.#touched(), this.#rest);
  }

  subscribeForCall(callback: DocumentCallback, name: SubscriptionName): number {
    return this.#engine.subscribeForCall(callback, name);
  }

  unsubscribe(token: number): void {
    this.#engine.unsubscribe(token);
  }

  installSuspender(suspender: Suspender): void {
    this.#engine.installSuspender(suspender);
  }

  removeSuspender(suspender: Suspender): void {
    this.#engine.removeSuspender(suspender);
  }

  async ask(prompt: string, signal: AbortSignal): Promise<string> {
    const { input } = this.#engine.options;
    if (input) return input(prompt, signal);
    throw new RedsunError('engine/no-input', `There is nobody to answer "${prompt}"`);
  }

  // The messages.

  #stretchOfMessages(): Halted {
    const startedMs = this.clock.monotonicMs();
    for (let count = 1; !this.#plans.empty; count++) {
      if (this.#interruption.isAsked) return { kind: 'asked' };
      const failure = this.#interruption.takeFailure();
      if (failure !== null) this.#plans.throwInto(failure);
      const message = this.#plans.next();
      if (message === null) continue;
      if (this.rewindable) this.#cache.note(message);
      if (typeof message.obj === 'object' && message.obj !== null) this.#seen.add(message.obj);
      this.#last = message;
      const answer = this.#execute(message);
      if (answer !== null) return { kind: 'waits', message, answer };
      if (count % MESSAGES_BETWEEN_LOOKS === 0 && this.clock.monotonicMs() - startedMs > GIVE_WAY_AFTER_MS) {
        return { kind: 'busy' };
      }
    }
    return { kind: 'over' };
  }

  /** Null: the plan has its answer already. */
  #execute(message: Msg): Promise<Answer> | null {
    try {
      this.#announce(message);
      this.#interruption.begin();
      const handler = this.#engine.handlerOf(message.command);
      if (!handler) throw new InvalidCommand(message.command);
      const result = handler(this, message);
      if (result instanceof Promise) {
        return result.then(
          (value): Answer => ({ kind: 'value', value }),
          (thrown: unknown): Answer => ({ kind: 'error', error: withMessage(asError(thrown), message) }),
        );
      }
      this.#plans.answer(result);
    } catch (thrown) {
      this.#plans.throwInto(withMessage(asError(thrown), message));
    }
    return null;
  }

  #announce(message: Msg): void {
    try {
      this.#engine.announce(message);
    } catch (refusal) {
      this.#wasRefused = true;
      throw refusal;
    }
  }

  /** Null: somebody asks for something else. */
  async #answerOf(answer: Promise<Answer>, message: Msg): Promise<Answer | null> {
    const first = await this.#interruption.answerOrNull(answer, message, this.#cache.isKept);
    if (first === null) this.#cache.breakOff(this.#interruption.isHeld ? message : null);
    return first;
  }

  async #doAsAsked(): Promise<'paused' | 'goes on' | 'over'> {
    const { request } = this.#interruption;
    if (!request) {
      const suspend = this.#interruption.nextSuspension();
      if (suspend) this.#suspend(suspend);
      return 'goes on';
    }
    if (request.kind === 'pause' && this.#cache.isKept) return this.#pause();
    this.#interruption.done();
    this.exit = { ...this.exit, interrupted: true };
    if (request.kind === 'halt') {
      this.#plans.clear();
      this.exit = { ...this.exit, status: 'abort', exception: new PlanHalt() };
      return 'over';
    }
    // What was going on is given up: how it ends is of no interest, least of all to the clean-up.
    this.#interruption.forgive();
    this.#stretch++;
    this.groups.clear();
    if (request.kind === 'pause') {
      this.#engine.setState('pausing');
      this.#giveUp(new FailedPause());
    } else if (request.kind === 'abort') {
      const error = new RequestAbort(request.reason);
      this.exit = { ...this.exit, status: 'abort', reason: request.reason, exception: error };
      this.#plans.throwInto(error);
    } else {
      const error = new RequestStop();
      this.exit = { ...this.exit, exception: error };
      this.#plans.throwInto(error);
    }
    this.#cache.giveUp();
    return 'goes on';
  }

  /** There is no way back: the plan ends, its clean-up runs. */
  #giveUp(error: Error): void {
    this.#engine.setState('aborting');
    const reason = error instanceof FailedPause ? error.message : '';
    this.exit = { ...this.exit, status: 'abort', reason, interrupted: true, exception: error };
    this.#plans.throwInto(error);
  }

  async #pause(): Promise<'paused' | 'goes on'> {
    this.#interruption.done();
    this.#engine.setState('pausing');
    for (const run of this.runs.values()) run.recordInterruption('pause');
    await this.#bringToRest(() => {
      for (const run of this.runs.values()) run.monitors.suspend();
    });
    // An abort, stop or halt came while things were brought to rest.
    if (this.#interruption.request) return 'goes on';
    this.#engine.setState('paused');
    return 'paused';
  }

  #suspend(request: SuspendRequest): void {
    if (!this.#cache.isKept) {
      this.#giveUp(new RequestAbort(request.justification ?? ''));
      return;
    }
    this.#engine.setState('suspending');
    this.#engine.setState('running');
    this.#plans.push(startOfSuspension(request));
  }

  async #bringToRest(quieten: () => void = () => {}): Promise<void> {
    this.#interruption.forgive();
    this.#stretch++;
    this.groups.clear();
    await stopAll(this.moved, this.#rest);
    quieten();
    const noReplay = await pauseAll(this.#touched(), this.#rest);
    if (noReplay && this.#cache.isKept) this.forgetMessages();
  }

  #rewind(): void {
    const { messages, endsBrokenOff } = this.#cache.take();
    for (const run of this.runs.values()) run.rewind();
    this.#plans.pushReplay(messages, endsBrokenOff);
  }

  #touched(): Set<object> {
    return new Set([...this.#seen, ...this.staged]);
  }

  // The end.

  #failed(error: Error): void {
    if (isControlException(error)) return;
    if (this.#last) withMessage(error, this.#last);
    if (this.exit.status === 'abort') this.#engine.fault(error);
    else this.exit = { ...this.exit, status: 'fail', reason: error.message, exception: error };
  }
}

function* waitOnly({ until }: SuspendRequest): Plan<void> {
  yield { command: 'wait_for', obj: null, args: [[until]], kwargs: {}, run: null };
}

/** The metadata key that searches are made by. @throws ValueError */
function checkSample({ sample }: Metadata): void {
  if (sample === undefined || typeof sample === 'string') return;
  if (typeof sample === 'object' && sample !== null && !Array.isArray(sample)) return;
  throw new ValueError(`The metadata 'sample' must be a text or an object of values, got ${JSON.stringify(sample)}`);
}

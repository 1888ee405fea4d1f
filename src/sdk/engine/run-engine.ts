import { isPausable, isStageable, isStoppable } from '../device/protocols.ts';
import { Status } from '../device/status.ts';
import type { DocumentCallback, DocumentName, DocumentTypes, ExitStatus } from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import { asError, RedsunError } from '../util/errors.ts';
import { type NewUid, randomUid } from '../util/uid.ts';
import { Signal } from '../virtual/signal.ts';
import { COMMANDS, type CommandContext, type CommandHandler, UNCACHED } from './commands.ts';
import { FailedStatus, RequestAbort, RequestStop, RunEngineInterrupted, TransitionError } from './errors.ts';
import { describeMsg, type Msg, type Plan } from './msg.ts';
import { type Answer, PlanStack } from './plan-stack.ts';
import { nameOf, type RunBundler } from './run-bundler.ts';

export const ENGINE_STATES = ['idle', 'running', 'pausing', 'paused', 'stopping', 'aborting', 'halting'] as const;
export type EngineState = (typeof ENGINE_STATES)[number];

export interface RunEngineResult {
  readonly runStartUids: readonly string[];
  readonly planResult: unknown;
  readonly exitStatus: ExitStatus;
  readonly interrupted: boolean;
  readonly reason: string;
  readonly exception: Error | null;
}

export interface RunEngineOptions {
  readonly clock: Clock;
  readonly newUid?: NewUid;
  /** Goes into every start document. */
  readonly metadata?: Record<string, unknown>;
  /** Throws to refuse a message: how STOP keeps clean-up code from moving the stage again. */
  readonly guard?: (message: Msg) => void;
  /** Gives way to the event loop; called when messages have run for 5 ms on end. */
  readonly giveWay?: () => Promise<void>;
  /** Faults that nobody waits for: late rejections of interrupted handlers, errors while cleaning up. */
  readonly onFault?: (error: Error) => void;
}

type Request =
  | { readonly kind: 'pause' }
  | { readonly kind: 'abort'; readonly reason: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'halt' };

const GIVE_WAY_AFTER_MS = 5;

/** Runs plans: executes their messages in order and emits the documents of their runs. */
export class RunEngine implements CommandContext {
  readonly clock: Clock;
  readonly newUid: NewUid;
  /** Kept over runs; `scan_id` counts up in it. */
  readonly metadata: Record<string, unknown>;
  readonly stateChanged = new Signal<[next: EngineState, previous: EngineState]>();
  readonly messageStarted = new Signal<[message: Msg]>();
  readonly runs = new Map<string | null, RunBundler>();
  readonly groups = new Map<unknown, Set<Status>>();
  readonly staged = new Set<object>();
  readonly moved = new Set<object>();
  callMetadata: Record<string, unknown> = {};
  readonly #options: RunEngineOptions;
  readonly #commands = new Map<string, CommandHandler>(Object.entries(COMMANDS));
  readonly #subscribers = new Map<
    number,
    { readonly callback: DocumentCallback; readonly name: DocumentName | 'all' }
  >();
  #nextToken = 0;
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
  #uids: string[] = [];
  #exit: { status: ExitStatus; reason: string; interrupted: boolean; exception: Error | null } = success();
  #planResult: unknown;
  #settled: { resolve(result: RunEngineResult): void; reject(error: Error): void } | null = null;
  #controlDone: (() => void)[] = [];

  constructor(options: RunEngineOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.newUid = options.newUid ?? randomUid;
    this.metadata = options.metadata ?? {};
  }

  get state(): EngineState {
    return this.#state;
  }

  get deferredPauseRequested(): boolean {
    return this.#deferredPause;
  }

  /** Calls `callback` with every document (of one kind). @returns a token for `unsubscribe`. */
  subscribe(callback: DocumentCallback, name: DocumentName | 'all' = 'all'): number {
    const token = this.#nextToken++;
    this.#subscribers.set(token, { callback, name });
    return token;
  }

  unsubscribe(token: number): void {
    this.#subscribers.delete(token);
  }

  /** Teaches the engine a command of your own. */
  registerCommand(name: string, handler: CommandHandler): void {
    this.#commands.set(name, handler);
  }

  get commands(): readonly string[] {
    return [...this.#commands.keys()];
  }

  /**
   * Starts a plan. The promise settles when it ends or is paused.
   * @throws RunEngineInterrupted (as a rejection) when paused, stopped, aborted or halted; else the plan's own error.
   */
  run(plan: Plan, metadata: Record<string, unknown> = {}): Promise<RunEngineResult> {
    if (this.#state !== 'idle') {
      return Promise.reject(
        new TransitionError(`The RunEngine is in a ${this.#state} state. A plan can be started when it is idle.`),
      );
    }
    this.callMetadata = metadata;
    this.#plans.clear();
    this.#plans.push(plan);
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

  /** Goes on after a pause, from the last checkpoint. */
  resume(): Promise<RunEngineResult> {
    if (this.#state !== 'paused') {
      return Promise.reject(
        new TransitionError(`The RunEngine is the ${this.#state} state. You can only resume for the paused state.`),
      );
    }
    for (const obj of this.#touched()) {
      if (isPausable(obj)) void attempt(() => obj.resume()).catch((thrown) => this.#fault(thrown));
    }
    const replay = this.#cache ?? [];
    this.#cache = [];
    for (const run of this.runs.values()) run.rewind();
    this.#plans.pushReplay(replay, this.#brokenOff);
    this.#brokenOff = false;
    return this.#start();
  }

  /** Pauses at once, or at the next checkpoint. Resolves when paused (deferred: at once). */
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

  /** Ends the plan as failed by choice; its clean-up runs. Resolves when idle. */
  abort(reason = ''): Promise<void> {
    return this.#end({ kind: 'abort', reason }, 'aborting');
  }

  /** Ends the plan in good order; its clean-up runs. Resolves when idle. */
  stop(): Promise<void> {
    return this.#end({ kind: 'stop' }, 'stopping');
  }

  /** Ends the plan at once, without its clean-up. Resolves when idle. */
  halt(): Promise<void> {
    return this.#end({ kind: 'halt' }, 'halting');
  }

  emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    if (name === 'start') this.#uids.push((doc as DocumentTypes['start']).uid);
    for (const { callback, name: wanted } of [...this.#subscribers.values()]) {
      if (wanted === 'all' || wanted === name) callback(name, doc);
    }
  }

  /** Puts a status into a group; a failure comes up at the next message. */
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

  checkpoint(): void {
    this.forgetMessages();
    if (this.#deferredPause) {
      this.#deferredPause = false;
      this.#request ??= { kind: 'pause' };
    }
  }

  forgetMessages(): void {
    if (this.#cache) this.#cache = [];
    for (const run of this.runs.values()) run.markCheckpoint();
  }

  clearCheckpoint(): void {
    this.#cache = null;
  }

  requestPause(defer: boolean): void {
    if (defer) this.#deferredPause = true;
    else this.#request ??= { kind: 'pause' };
  }

  #start(): Promise<RunEngineResult> {
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
      this.messageStarted.emit(message);
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
        if (this.#request?.kind === 'pause' && !this.#failure && this.#cache && !repeatable) return;
        interrupted = true;
        resolve({ kind: 'value', value: undefined });
      };
    });
    if (this.#request || this.#failure) this.#wakeInterrupt?.();
    const first = await Promise.race([answer, interrupt]);
    this.#wakeInterrupt = null;
    if (interrupted) {
      this.#brokenOff = this.#request?.kind === 'pause' && repeatable;
      void answer.then((late) => {
        if (late.kind === 'error' && !(late.error instanceof FailedStatus)) this.#fault(late.error);
      });
    }
    return first;
  }

  /** False: an abort, stop or halt came while things were brought to rest. */
  async #pauseNow(): Promise<boolean> {
    this.#setState('pausing');
    this.#request = null;
    this.#failure = null;
    this.#stretch++;
    this.groups.clear();
    await this.#stopMoved();
    for (const obj of this.#touched()) {
      if (isPausable(obj)) await attempt(() => obj.pause()).catch((thrown) => this.#fault(thrown));
    }
    if (this.#request) return false;
    this.#setState('paused');
    this.#settled?.reject(new RunEngineInterrupted(this.#uids));
    this.#settled = null;
    this.#releaseControls();
    return true;
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
    if (kind === 'pause') {
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
    this.#plans.clear();
    this.runs.clear();
    this.#setState('idle');
    if (error) settled?.reject(error);
    else if (interrupted) settled?.reject(new RunEngineInterrupted(this.#uids, reason));
    else {
      settled?.resolve({
        runStartUids: this.#uids,
        planResult: this.#planResult,
        exitStatus: status,
        interrupted,
        reason,
        exception,
      });
    }
    this.#releaseControls();
  }

  #releaseControls(): void {
    const waiting = this.#controlDone;
    this.#controlDone = [];
    for (const resolve of waiting) resolve();
  }

  #setState(next: EngineState): void {
    const previous = this.#state;
    this.#state = next;
    if (next !== previous) this.stateChanged.emit(next, previous);
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

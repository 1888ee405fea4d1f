import { basename, join } from 'node:path';
import { type Camera, isCamera } from 'redsun/sdk/device';
import type { EngineState, Msg } from 'redsun/sdk/engine';
import type { Document, DocumentName, RunStart, RunStop } from 'redsun/sdk/events';
import { asError, RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import type { PlanItem, RunProgress, RunResult } from '../../../shared/channels/acquisition.ts';
import { type DeviceAnswer, darkWords, notSafe } from '../../../shared/channels/device-answer.ts';
import type { SafetyAct } from '../../../shared/guardian/safety-act.ts';
import { existingRunFolder, sessionDir } from '../../storage/run/run-folder.ts';
import type { BoundPlan } from '../plans/plan-registry.ts';
import { bindResumedMda, requireSameSession } from '../resume-mda.ts';
import type { RunPlace } from '../run-storage/run-storage.ts';
import { tellInterrupted } from '../safety/interrupted-frames.ts';
import { checkUnlessStopped } from './check-item.ts';
import type { CurrentRun } from './current-run.ts';
import { describeStep, heldUpFor } from './describe-step.ts';
import { clearDisk, moveImages } from './disk-pause.ts';
import { finishRun } from './finish-run.ts';
import { prepareResumedRun, prepareRun } from './prepare-run.ts';
import { progressOf } from './run-progress.ts';
import type { RunServices } from './run-services.ts';
import {
  afterEngine,
  goingRun,
  isFree,
  isHeld,
  type Pause,
  pauseReasonOf,
  type RunState,
  withFault,
  withoutFault,
  withReason,
} from './run-state.ts';
import { ThroughPauses } from './through-pauses.ts';

const TICK_MS = 1000;

/** Who has the cameras while no run has them. */
export interface LiveCameras {
  /** Resolves when the run has them. */
  claimForRun(): Promise<void>;
  release(): void;
}

/** A run that has begun. `outcome` never rejects. */
export interface StartedRun {
  readonly place: RunPlace;
  readonly outcome: Promise<RunResult>;
}

/** The one owner of a run: its folder, its documents, its pauses, its disk, its end. Whoever shows or steers it asks here. */
export class RunCoordinator implements Disposable {
  /** Something that is counted is different, or what the plan does: with each frame and each document. */
  readonly changed = new Signal<[]>();
  /** The state is another, or what the run stands still for. */
  readonly stateChanged = new Signal<[]>();
  /** After everything of the run is on disk and lights are out. */
  readonly ended = new Signal<[RunResult]>();
  readonly #services: RunServices;
  readonly #live: LiveCameras | null;
  readonly #watched = new Set<Camera>();
  readonly #through: ThroughPauses;
  readonly #connections = new DisposableStack();
  #state: RunState = { kind: 'idle' };
  /** Of the run that ended last; null: none has. */
  #last: RunResult | null = null;
  #resuming: Promise<void> | null = null;

  constructor(services: RunServices, live: LiveCameras | null) {
    this.#services = services;
    this.#live = live;
    const { countsChanged, engine, roster } = services;
    this.#through = new ThroughPauses(engine);
    this.#connections.use(engine.stateChanged.connect((state) => this.#onEngineState(state)));
    this.#connections.use(engine.messageStarted.connect((message) => this.#onMessage(message)));
    this.#connections.use(roster.changed.connect(() => this.#watch()));
    this.#connections.use(countsChanged.connect(() => this.changed.emit()));
    const token = engine.subscribe((name, doc) => this.#onDocument(name, doc));
    this.#connections.defer(() => engine.unsubscribe(token));
  }

  [Symbol.dispose](): void {
    this.#connections.dispose();
  }

  get state(): RunState {
    return this.#state;
  }

  get last(): RunResult | null {
    return this.#last;
  }

  /** How the run gets on; null: there is none. */
  get progress(): RunProgress | null {
    const going = goingRun(this.#state);
    return going && progressOf(going, this.#services);
  }

  /** Id of the run that is going; null: there is none. */
  get runId(): string | null {
    return goingRun(this.#state)?.run.place.id ?? null;
  }

  /** Why the run was paused from outside, by nobody at a window; null: it was not. */
  get pauseReason(): string | null {
    return pauseReasonOf(this.#state);
  }

  /** Starts a run. @throws before anything moves: `plan/...`, `target/...`, `safety/stopped`, `engine/transition`. */
  async start(item: PlanItem): Promise<StartedRun> {
    this.#requireFree('Run', item.name);
    return this.#begin(
      item,
      () => checkUnlessStopped(item, this.#services),
      (bound) => prepareRun(item, bound, this.#services, this.#onDiskFault),
    );
  }

  /** Runs an item from start to end. Rejects only when it was not started. */
  async runToEnd(item: PlanItem): Promise<RunResult> {
    return (await this.start(item)).outcome;
  }

  /**
   * Goes on with an interrupted `mda` at the first missing frame, into the same store. The run folder must have been recovered.
   * @throws before anything moves: as `start`; `recover/not-resumable`, `recover/nothing-missing`.
   */
  async resumeRun(path: string): Promise<StartedRun> {
    this.#requireFree('Resume', basename(path));
    const folder = existingRunFolder(path);
    const resumed = await bindResumedMda(folder, this.#services);
    return this.#begin(
      resumed.item,
      async () => resumed.bound,
      () => prepareResumedRun(folder, resumed, this.#services, this.#onDiskFault),
    );
  }

  /**
   * The same for a run of this session, by its id. The devices are those of the session that is open: one that was changed since would
   * take the missing frames in another way.
   */
  async goOnWith(id: string): Promise<StartedRun> {
    const { baseFolder, recovery, session } = this.#services;
    const folder = existingRunFolder(join(sessionDir(baseFolder, session.file.session), id));
    using _claim = recovery.claim(folder.path);
    await requireSameSession(folder, session);
    return await this.resumeRun(folder.path);
  }

  /** A run that goes on pauses, with the reason; one that such a reason has paused learns the newer one. Nothing where there is none. */
  pauseFor(why: string): void {
    const { engine } = this.#services;
    if (engine.state !== 'running' && this.pauseReason === null) return;
    this.#become(withReason(this.#state, why));
    // Until then the reason may not be the last one.
    void this.#services.duty.whenFree().then(() => this.stateChanged.emit());
    if (engine.state === 'running' && goingRun(this.#state)) this.#pause();
  }

  /** Somebody at a window or a terminal pauses the run. @param defer - at the next checkpoint. @throws RedsunError `engine/transition` */
  async pause(by: string, { defer }: { readonly defer: boolean }): Promise<void> {
    const going = goingRun(this.#state);
    if (going) going.run.pausedBy = by;
    await this.#services.engine.pause({ defer });
    this.stateChanged.emit();
  }

  /** What the guardian did is kept with the run, with the frames that are not what they should be. */
  recordAct(act: SafetyAct): void {
    const going = goingRun(this.#state);
    if (going) tellInterrupted(act, going.run.place, this.#services.interrupted, this.#services.loggerFor('run'));
  }

  /** Goes on with a run that its disk has paused, its images in another folder. The run is paused as before where that fails. @throws as `moveImages` */
  async goOnIn(chosen: string): Promise<void> {
    this.#services.latch.check('Another folder');
    await moveImages(isHeld(this.#state) ? this.#state.run : null, chosen, this.#services);
    await this.resume();
  }

  /** Goes on with a paused run, its lights as they were. Who asks while it is about to is answered with it. @throws `engine/transition`, `safety/stopped`, `target/...` */
  resume(): Promise<void> {
    this.#resuming ??= this.#resume().finally(() => {
      this.#resuming = null;
    });
    return this.#resuming;
  }

  async #resume(): Promise<void> {
    const { engine, latch } = this.#services;
    latch.check('Resume');
    if (engine.state !== 'paused' || !isHeld(this.#state)) {
      throw new RedsunError('engine/transition', `Nothing to resume: the engine is ${engine.state}`);
    }
    const { run, pause } = this.#state;
    await clearDisk(run, this.#services);
    this.#become(withoutFault(this.#state));
    run.pausedBy = null;
    await (await pause.lights).relight();
    this.#through.goOn();
  }

  #requireFree(what: string, name: string): void {
    const { engine, latch } = this.#services;
    latch.check(`${what} ${name}`);
    if (engine.state === 'idle' && isFree(this.#state)) return;
    const { kind } = this.#state;
    const state = kind === 'preparing' ? 'starting' : kind === 'finishing' ? 'finishing' : engine.state;
    throw new RedsunError('engine/transition', `Cannot ${what.toLowerCase()} ${name}: a run is ${state}`);
  }

  async #begin(
    item: PlanItem,
    check: () => Promise<BoundPlan>,
    prepare: (bound: BoundPlan) => Promise<CurrentRun>,
  ): Promise<StartedRun> {
    const { engine, latch, interrupted, loggerFor } = this.#services;
    const before = this.#state;
    // Others who ask must be told that somebody was first.
    this.#become({ kind: 'preparing', what: item.name });
    try {
      const bound = await check();
      // STOP may have come while it was checked.
      latch.check(`Run ${item.name}`);
      const run = await prepare(bound);
      await this.#live?.claimForRun();
      interrupted.reset();
      this.#become({ kind: 'running', run, pausingFor: null });
      const { place } = run;
      const frames = bound.frames ?? 'an unknown number of';
      loggerFor('run').info(`${place.name} started: ${item.name}, ${frames} ${frames === 1 ? 'frame' : 'frames'}`);
      const first = engine.run(bound.plan, null, { ...bound.metadata, redsun_run: place.name });
      return { place, outcome: this.#follow(run, first) };
    } catch (error) {
      if (this.#state.kind === 'preparing') this.#become(before);
      throw error;
    }
  }

  /** Waits through pauses for the end of the plan, then puts everything in order. */
  async #follow(run: CurrentRun, first: Promise<unknown>): Promise<RunResult> {
    const { latch, optics } = this.#services;
    // Also while a device takes its time, or hangs: a time that stands still is taken for a window that does.
    using _ticking = this.#everySecond();
    const error = await this.#through.toEnd(first);
    this.#become({ kind: 'finishing', run });
    if (error || latch.pulled) this.#tellIfLit(await optics.makeDark());
    const result = await finishRun(run, error, this.#services);
    this.#last = result;
    this.#become({ kind: 'ended', result });
    this.#live?.release();
    this.ended.emit(result);
    return result;
  }

  #everySecond(): Disposable {
    const { clock } = this.#services;
    const { changed } = this;
    let timer = clock.setTimeout(tick, TICK_MS);
    function tick(): void {
      changed.emit();
      timer = clock.setTimeout(tick, TICK_MS);
    }
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }

  /** The run pauses: nothing acknowledged is lost, and Resume tries again what waits. */
  readonly #onDiskFault = (fault: RedsunError): void => {
    const { engine, loggerFor } = this.#services;
    loggerFor('storage').error(`${fault.message}. The run is paused: see to the disk, then resume`);
    this.#become(withFault(this.#state, fault));
    if (engine.state === 'running') this.#pause();
  };

  #pause(): void {
    const { engine, loggerFor } = this.#services;
    engine.pause().catch((thrown: unknown) => loggerFor('run').error(asError(thrown).message));
  }

  #become(state: RunState): void {
    this.#state = state;
    this.stateChanged.emit();
  }

  #onEngineState(engine: EngineState): void {
    const nowS = this.#services.clock.now();
    this.#become(afterEngine(this.#state, engine, nowS, () => this.#beginPause(nowS)));
  }

  #beginPause(sinceS: number): Pause {
    const lights = this.#services.optics.darkenForPause();
    void lights.then(({ answers }) => this.#tellIfLit(answers));
    return { sinceS, lights };
  }

  #onMessage(message: Msg): void {
    const run = goingRun(this.#state)?.run;
    if (!run) return;
    const step = describeStep(message, this.#services.optics.channel);
    if (step) run.step = step;
    const waitsFor = heldUpFor(message, run.waitsFor);
    const isHeldAnew = waitsFor !== run.waitsFor;
    run.waitsFor = waitsFor;
    if (isHeldAnew) this.stateChanged.emit();
    else if (message.command === 'trigger') this.changed.emit();
  }

  #onDocument(name: DocumentName, doc: Document): void {
    const run = goingRun(this.#state)?.run;
    if (!run) return;
    run.documents.offer(name, doc);
    if (name === 'start') run.uids.push((doc as RunStart).uid);
    if (name === 'stop') run.stop = doc as RunStop;
    this.changed.emit();
  }

  /** Counts frames, also of cameras that came up late. */
  #watch(): void {
    for (const camera of [...this.#services.roster.devices.values()].filter(isCamera)) {
      if (this.#watched.has(camera)) continue;
      this.#watched.add(camera);
      this.#connections.use(
        camera.onFrame(() => {
          const going = goingRun(this.#state);
          if (going) going.run.acquired++;
        }),
      );
    }
  }

  #tellIfLit(answers: readonly DeviceAnswer[]): void {
    if (notSafe(answers).length > 0) this.#services.loggerFor('light').error(darkWords(answers));
  }
}

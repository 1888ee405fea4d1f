import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Camera, isCamera, type PDevice } from 'redsun/sdk/device';
import { planMessageOf, RunEngineInterrupted } from 'redsun/sdk/engine';
import type { Document, DocumentName, RunStart, RunStop } from 'redsun/sdk/events';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { asError, codeOf, RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import {
  type AcquisitionState,
  acquisitionChannel,
  type PlanItem,
  type RunProgress,
  type RunResult,
} from '../../../shared/channels/acquisition.ts';
import { type DeviceAnswer, darkWords, notSafe } from '../../../shared/channels/device-answer.ts';
import type { SafetyAct } from '../../../shared/guardian/safety-act.ts';
import type { NeededRoom } from '../../storage/layout/needed-room.ts';
import { existingRunFolder, sessionDir } from '../../storage/run/run-folder.ts';
import type { LongPath } from '../../storage/target/path-length.ts';
import { refuse, requireFolder, requireTarget } from '../../storage/target/preflight.ts';
import type { Optics } from '../optics.ts';
import type { BoundPlan, Foreseen, GivingWay } from '../plans/plan-registry.ts';
import { type ScheduleKept, scheduleWords } from '../plans/schedule-record.ts';
import { resolveHome } from '../resolve-home.ts';
import { bindResumedMda, requireSameSession } from '../resume-mda.ts';
import type { RunPlace } from '../run-storage/run-storage.ts';
import { frameInWords, recordInRun } from '../safety/interrupted-frames.ts';
import type { HostServices } from '../services.ts';
import { throttle } from '../throttle.ts';
import { timingsPath, writeTimings } from '../timings/timings-file.ts';
import type { CameraPresenter } from './camera-presenter.ts';
import { type CurrentRun, exposureBytes, knownDurable, longPathOf, progressOf, roomIn } from './current-run.ts';
import { describeStep } from './describe-step.ts';
import { estimateForForm } from './form-estimate.ts';
import { prepareResumedRun, prepareRun } from './prepare-run.ts';
import { comparedWords, durableWords, predictionOf, stoppedWords } from './run-cost.ts';

/** What a run left behind; for the terminal as well as for the window. */
export interface RunOutcome extends RunResult {
  /** How its times were kept; null: it had none. */
  readonly schedule: ScheduleKept | null;
  readonly runStartUids: readonly string[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

const TICK_MS = 1000;
/** More frames than these are counted, not named. */
const NAMED_FRAMES = 5;
/** What the run folder must take when images go elsewhere: metadata, journal and documents of the next while. */
const RECORD_BYTES = 100_000;

/** Runs plans: checks, folder, documents on disk, progress, lights out at the end. */
export class AcquisitionPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[AcquisitionState]>();
  /** After everything of the run is on disk and lights are out. */
  readonly runEnded = new Signal<[RunOutcome]>();
  readonly #host: HostServices;
  readonly #camera: CameraPresenter | null;
  readonly #announce: () => void;
  readonly #watched = new Set<Camera>();
  #run: CurrentRun | null = null;
  #starting = false;
  #last: RunResult | null = null;
  #resumed: Promise<unknown> | null = null;
  #wake: (() => void) | null = null;
  /** Lights that a pause has put out. */
  #relight: ReturnType<Optics['darkenForPause']> | null = null;

  constructor(name: string, host: HostServices, camera: CameraPresenter | null) {
    this.name = name;
    this.#host = host;
    this.#camera = camera;
    this.devices = host.roster.devices;
    this.#announce = throttle(() => this.changed.emit(this.#state()), 100, host.clock);
    const { engine, plans } = host;
    engine.stateChanged.connect((state) => this.#onEngineState(state));
    engine.messageStarted.connect((message) => {
      if (!this.#run) return;
      const step = describeStep(message, host.optics.channel);
      if (step) this.#run.now = step;
      if (message.command === 'trigger') this.#announce();
    });
    host.roster.changed.connect(() => this.#watch());
    engine.subscribe((documentName, doc) => this.#onDocument(documentName, doc));
    this.channel = serveChannel(acquisitionChannel, {
      calls: {
        run: async ({ item }) => ({ name: (await this.start(item)).place.name }),
        goOnWith: async ({ id }) => ({ name: (await this.goOnWith(id)).place.name }),
        estimate: async ({ item }, { signal }) => {
          const busy = this.#run !== null || this.#starting;
          return estimateForForm(() => this.checkGivingWay(item, { signal }), item, { host, busy, signal });
        },
        plans: async () => plans.list(this.devices).map((plan) => ({ ...plan, parameters: { ...plan.parameters } })),
        pause: async ({ defer }) => {
          await engine.pause({ defer });
          this.#announce();
        },
        resume: async () => this.resume(),
        goOnIn: async ({ folder }) => this.goOnIn(folder),
        stop: async () => void (await engine.stop()),
        abort: async ({ reason }) => void (await engine.abort(reason)),
        halt: async () => void (await engine.halt()),
      },
      events: { changed: this.changed },
      streams: {},
    });
  }

  /** How the run gets on; null: there is none. */
  get progress(): RunProgress | null {
    return this.#run && progressOf(this.#run, this.#host);
  }

  /** Id of the run that is going; null: there is none. */
  get runId(): string | null {
    return this.#run?.place.id ?? null;
  }

  announce(): void {
    this.#announce();
  }

  /** The writer's counts have changed. */
  countsChanged(): void {
    this.#announce();
  }

  /** Checks an item without starting it. @param foreseen - where items before it will leave devices. @throws what is wrong with it */
  check(item: PlanItem, foreseen: Foreseen = new Map()): BoundPlan {
    return this.#host.plans.bind(item, this.devices, foreseen);
  }

  /** Room that an item's frames take on the disk, with the cameras as they are set now. */
  roomOf(bound: BoundPlan): NeededRoom {
    return roomIn(this.#host.storage, bound);
  }

  /** What is wrong with the length of the paths that an item will make; null: nothing. `error`: it is not started. */
  longPathOf(item: PlanItem, bound: BoundPlan): LongPath | null {
    return longPathOf(item, bound, this.#host);
  }

  /** Runs an item from start to end. Rejects only when it was not started. */
  async runToEnd(item: PlanItem): Promise<RunOutcome> {
    return (await this.start(item)).outcome;
  }

  /** Starts a run. @throws before anything moves: `plan/...`, `target/...`, `safety/stopped`, `engine/transition`. */
  async start(item: PlanItem): Promise<{ readonly place: RunPlace; readonly outcome: Promise<RunOutcome> }> {
    this.#requireIdle('Run', item.name);
    return this.#begin(
      item,
      () => this.#checkUnlessStopped(item),
      (bound) => prepareRun(item, bound, this.#host, this.#onDiskFault),
    );
  }

  /** As `check`, in slices: STOP is answered while a large item is looked through. @throws the signal's reason when it aborts. */
  async checkGivingWay(item: PlanItem, options: Pick<GivingWay, 'signal' | 'foreseen'> = {}): Promise<BoundPlan> {
    const { plans, clock } = this.#host;
    return plans.bindGivingWay(item, this.devices, { ...options, clock, giveWay: () => setImmediate() });
  }

  /** For a run that is about to start: a STOP that comes meanwhile counts, also when it is re-armed at once. */
  async #checkUnlessStopped(item: PlanItem): Promise<BoundPlan> {
    const { plans, clock, latch } = this.#host;
    const giveWay = async () => {
      await setImmediate();
      latch.check(`Run ${item.name}`);
    };
    return plans.bindGivingWay(item, this.devices, { clock, giveWay });
  }

  /**
   * Goes on with an interrupted `mda` at the first missing frame, into the same store. The run folder must have been recovered.
   * @throws before anything moves: as `start`; `recover/not-resumable`, `recover/nothing-missing`.
   */
  async resumeRun(path: string): Promise<{ readonly place: RunPlace; readonly outcome: Promise<RunOutcome> }> {
    this.#requireIdle('Resume', basename(path));
    const folder = existingRunFolder(path);
    const resumed = await bindResumedMda(folder, this.#host);
    return this.#begin(
      resumed.item,
      async () => resumed.bound,
      () => prepareResumedRun(folder, resumed, this.#host, this.#onDiskFault),
    );
  }

  /**
   * The same for a run of this session, by its id. The devices are those of the session that is open: one that was changed since would
   * take the missing frames in another way.
   */
  async goOnWith(id: string): Promise<{ readonly place: RunPlace; readonly outcome: Promise<RunOutcome> }> {
    const { baseFolder, recovery, session } = this.#host;
    const folder = existingRunFolder(join(sessionDir(baseFolder, session.file.session), id));
    using _claim = recovery.claim(folder.path);
    await requireSameSession(folder, session);
    return await this.resumeRun(folder.path);
  }

  #requireIdle(what: string, name: string): void {
    const { engine, latch } = this.#host;
    latch.check(`${what} ${name}`);
    if (engine.state === 'idle' && !this.#run && !this.#starting) return;
    const state = engine.state === 'idle' ? 'starting' : engine.state;
    throw new RedsunError('engine/transition', `Cannot ${what.toLowerCase()} ${name}: a run is ${state}`);
  }

  async #begin(
    item: PlanItem,
    check: () => Promise<BoundPlan>,
    prepare: (bound: BoundPlan) => Promise<CurrentRun>,
  ): Promise<{ readonly place: RunPlace; readonly outcome: Promise<RunOutcome> }> {
    const { engine, latch } = this.#host;
    // Until the engine runs, others who ask must be told that somebody was first.
    this.#starting = true;
    try {
      const bound = await check();
      // STOP may have come while it was checked.
      latch.check(`Run ${item.name}`);
      const run = await prepare(bound);
      await this.#camera?.claimForRun();
      this.#host.interrupted.reset();
      this.#run = run;
      const { place } = run;
      const frames = bound.frames ?? 'an unknown number of';
      this.#host
        .loggerFor('run')
        .info(`${place.name} started: ${item.name}, ${frames} ${frames === 1 ? 'frame' : 'frames'}`);
      const outcome = this.#follow(run, engine.run(bound.plan, null, { ...bound.metadata, redsun_run: place.name }));
      return { place, outcome };
    } finally {
      this.#starting = false;
    }
  }

  /** Why the run was paused from outside, by nobody at a window; null: it was not. */
  get pauseReason(): string | null {
    return this.#run?.pauseReason ?? null;
  }

  /** A run that goes on pauses, with the reason; one that such a reason has paused learns the newer one. Nothing where there is none. */
  pauseFor(why: string): void {
    const { engine, loggerFor } = this.#host;
    if (!this.#run || (engine.state !== 'running' && this.#run.pauseReason === null)) return;
    this.#run.now = `Paused: ${why}`;
    this.#run.pauseReason = why;
    this.#announce();
    if (engine.state !== 'running') return;
    engine.pause().catch((thrown: unknown) => loggerFor('run').error(asError(thrown).message));
  }

  /** What the guardian did is kept with the run, with the frames that are not what they should be. */
  recordAct(act: SafetyAct): void {
    const { loggerFor, interrupted } = this.#host;
    if (!this.#run) return;
    const { folder, name } = this.#run.place;
    const frames = interrupted.in(act);
    if (frames.length > 0) {
      const which = frames.slice(0, NAMED_FRAMES).map(frameInWords).join(', ');
      const more = frames.length > NAMED_FRAMES ? ` and ${frames.length - NAMED_FRAMES} more` : '';
      loggerFor('run').warning(`${name}: the light went out while these frames were exposed: ${which}${more}`);
    }
    if (folder === '') return;
    recordInRun(folder, { ...act, frames }).catch((thrown: unknown) => loggerFor('run').error(asError(thrown).message));
  }

  /** The run pauses: nothing acknowledged is lost, and Resume tries again what waits. */
  readonly #onDiskFault = (fault: RedsunError): void => {
    const { engine, loggerFor } = this.#host;
    loggerFor('storage').error(`${fault.message}. The run is paused: see to the disk, then resume`);
    if (this.#run) this.#run.now = `Paused: ${fault.message}`;
    if (engine.state !== 'running') return;
    engine.pause().catch((thrown: unknown) => loggerFor('run').error(asError(thrown).message));
  };

  /** What was held back is written before the plan goes on. @throws RedsunError `target/...` while the disk is as it was. */
  async #clearDisk({ gate, place, bound, linkedFolder }: CurrentRun): Promise<void> {
    if (!gate.fault) return;
    for (const path of [place.folder, linkedFolder]) if (path) await requireFolder(path);
    if (linkedFolder !== null) await requireTarget(place.folder, RECORD_BYTES);
    refuse(await this.#host.storage.check(exposureBytes(bound, this.#host.storage), linkedFolder ?? place.folder));
    gate.retry();
  }

  /**
   * Goes on with a run that the disk has paused, its images in another folder; the run folder has links to them.
   * @throws RedsunError `engine/transition` when no run waits for its disk; `target/...` for a folder that will not do, and where links
   * cannot be made. The run is paused as before then.
   */
  async goOnIn(chosen: string): Promise<void> {
    const { engine, latch, storage, loggerFor } = this.#host;
    latch.check('Another folder');
    const run = this.#run;
    if (engine.state !== 'paused' || !run?.gate.fault) {
      throw new RedsunError('engine/transition', 'Another folder can be chosen while a run waits for its disk');
    }
    const path = resolveHome(chosen);
    if (run.place.folder) await requireFolder(run.place.folder);
    await requireTarget(path, exposureBytes(run.bound, storage));
    await run.reserve.release();
    run.linkedFolder = await storage.goOnIn(path, run.place);
    loggerFor('storage').warning(`${run.place.name}: images go on in ${run.linkedFolder}; keep both folders`);
    await this.resume();
  }

  async resume(): Promise<void> {
    const { engine, latch } = this.#host;
    latch.check('Resume');
    if (engine.state !== 'paused' || !this.#run) {
      throw new RedsunError('engine/transition', `Nothing to resume: the engine is ${engine.state}`);
    }
    await this.#clearDisk(this.#run);
    const dark = await this.#relight;
    this.#relight = null;
    await dark?.relight();
    this.#run.pauseReason = null;
    this.#resumed = engine.resume();
    this.#wake?.();
  }

  /** Waits through pauses for the end of the run, then puts everything in order. */
  async #follow(run: CurrentRun, first: Promise<unknown>): Promise<RunOutcome> {
    // Also while a device takes its time, or hangs: a time that stands still is taken for a window that does.
    using _ticking = this.#everySecond();
    let going = first;
    for (;;) {
      const error = await going.then(
        () => null,
        (thrown: unknown) => asError(thrown),
      );
      const resumed = error instanceof RunEngineInterrupted ? await this.#resumedOrIdle() : null;
      if (!resumed) return this.#finish(run, error);
      going = resumed.going;
    }
  }

  #everySecond(): Disposable {
    const { clock } = this.#host;
    let timer = clock.setTimeout(tick, TICK_MS);
    const announce = this.#announce;
    function tick(): void {
      announce();
      timer = clock.setTimeout(tick, TICK_MS);
    }
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }

  /** After a pause: what the engine does next, or null when it was ended. Resuming may have come first. */
  async #resumedOrIdle(): Promise<{ readonly going: Promise<unknown> } | null> {
    const { engine } = this.#host;
    while (!this.#resumed && engine.state !== 'idle') {
      await new Promise<void>((resolve) => {
        const connection = engine.stateChanged.connect((state) => state === 'idle' && this.#wake?.());
        this.#wake = () => {
          connection[Symbol.dispose]();
          resolve();
        };
      });
    }
    const going = this.#resumed;
    this.#resumed = null;
    this.#wake = null;
    return going ? { going } : null;
  }

  async #finish(run: CurrentRun, error: Error | null): Promise<RunOutcome> {
    const { clock, loggerFor, optics, storage } = this.#host;
    const failed = error !== null && !(error instanceof RunEngineInterrupted);
    if (error || this.#host.latch.pulled) this.#tellIfLit(await optics.makeDark());
    await run.gate.giveUp();
    await run.reserve.release();
    const unsaved = await run.place.documents.close().then(
      () => null,
      (thrown: unknown) => asError(thrown),
    );
    // A plan that only moves or sets something has nothing to keep.
    const wasNone = run.uids.length === 0 && (await run.place.discard().catch(() => false));
    await this.#keepTimings();
    const fault = failed ? error : unsaved;
    const frames = run.bound.cameras.length > 0 ? storage.counts.acknowledged : 0;
    const prediction = predictionOf(run.predicted, run.bound);
    const exitStatus = unsaved ? 'fail' : (run.stop?.exit_status ?? (failed ? 'fail' : error ? 'abort' : 'success'));
    const schedule = run.bound.schedule?.kept ?? null;
    const outcome: RunOutcome = {
      name: run.place.name,
      plan: run.item.name,
      exitStatus,
      reason:
        run.stop?.reason ||
        (fault?.message ?? (error && exitStatus === 'success' ? stoppedWords(frames, prediction) : '')),
      frames,
      elapsedS: clock.now() - run.startedAt,
      ...prediction,
      schedule,
      scheduleNote: scheduleWords(schedule),
      folder: wasNone ? '' : run.place.folder,
      runId: run.place.id,
      runStartUids: run.uids,
      error: fault ? { code: codeOf(fault), message: fault.message } : null,
    };
    this.#run = null;
    this.#last = outcome;
    const logger = loggerFor('run');
    const done = error ? 'stopped' : 'done';
    const ended = exitStatus === 'success' ? done : exitStatus === 'abort' ? 'aborted' : 'failed';
    const onDisk = durableWords(outcome.frames, knownDurable(storage));
    const what = `${outcome.name} ${ended}: ${outcome.frames} frames in ${outcome.elapsedS.toFixed(1)} s${comparedWords(outcome)}${onDisk}`;
    const at = fault && planMessageOf(fault);
    if (exitStatus === 'fail') logger.error(`${what}. ${outcome.reason}${at ? ` (at ${at})` : ''}`);
    else logger.info(what);
    if (outcome.scheduleNote !== null) logger.warning(`${outcome.name}: ${outcome.scheduleNote}`);
    this.#camera?.release();
    this.#announce();
    this.runEnded.emit(outcome);
    return outcome;
  }

  /** What was learnt in this run helps to estimate the next; without it runs go on as well. */
  async #keepTimings(): Promise<void> {
    const { baseFolder, session, storage, timings, clock, loggerFor } = this.#host;
    if (storage.keeps === 'nothing') return;
    await writeTimings(timingsPath(baseFolder, session.file.session), timings.samples, clock).catch((thrown: unknown) =>
      loggerFor('run').warning(`Durations of this run are not kept: ${asError(thrown).message}`),
    );
  }

  /** Counts frames, also of cameras that came up late. */
  #watch(): void {
    for (const camera of [...this.devices.values()].filter(isCamera)) {
      if (this.#watched.has(camera)) continue;
      this.#watched.add(camera);
      camera.onFrame(() => {
        if (this.#run) this.#run.acquired++;
      });
    }
  }

  #onDocument(name: DocumentName, doc: Document): void {
    const run = this.#run;
    if (!run) return;
    run.place.documents.write(name, doc);
    if (name === 'start') run.uids.push((doc as RunStart).uid);
    if (name === 'stop') run.stop = doc as RunStop;
    this.#announce();
  }

  #onEngineState(state: string): void {
    const run = this.#run;
    const now = this.#host.clock.now();
    if (run && state === 'paused') {
      run.pausedSince = now;
      // The sample must not bleach while the operator thinks.
      this.#relight = this.#host.optics.darkenForPause();
      void this.#relight.then(({ answers }) => this.#tellIfLit(answers));
    }
    if (run && state !== 'paused' && run.pausedSince !== null) {
      run.pausedS += now - run.pausedSince;
      run.pausedSince = null;
    }
    this.#announce();
  }

  #tellIfLit(answers: readonly DeviceAnswer[]): void {
    if (notSafe(answers).length > 0) this.#host.loggerFor('light').error(darkWords(answers));
  }

  #state(): AcquisitionState {
    const { engine } = this.#host;
    return {
      engine: engine.state,
      pausePending: engine.state === 'running' && engine.deferredPauseRequested,
      run: this.#run ? progressOf(this.#run, this.#host) : null,
      last: this.#last,
    };
  }
}

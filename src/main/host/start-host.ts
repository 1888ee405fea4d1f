import { dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { OpenLink } from 'redsun/sdk/device';
import { type Metadata, RunEngine } from 'redsun/sdk/engine';
import { LogBuffer } from 'redsun/sdk/log';
import type { PPresenter } from 'redsun/sdk/presenter';
import { asError, type Clock, RedsunError } from 'redsun/sdk/util';
import { hasShutdown, isSignal, VirtualContainer } from 'redsun/sdk/virtual';
import { type DeviceAnswer, notSafe, safeWords } from '../../shared/channels/device-answer.ts';
import type { ViewDescriptor } from '../../shared/channels/session.ts';
import type { SessionFile } from '../../shared/config/session-schema.ts';
import type { GuardianClient, PageAddress } from '../guardian/guardian-client.ts';
import { ChannelServer } from '../ipc/channel-server.ts';
import { ControlLease } from '../ipc/control-lease.ts';
import { startBundleWorker } from '../plugins/bundle-worker.ts';
import { type Bundle, type ScannedBundle, scanBundles } from '../plugins/load-bundle.ts';
import { type LoadedSession, loadSession } from '../session/load-session.ts';
import { hardwareOf, lockHardware, lockSession } from '../storage/run/session-lock.ts';
import { KnownDisks } from '../storage/target/known-disks.ts';
import { checkTarget } from '../storage/target/preflight.ts';
import { type AllowedFolders, Roots } from '../storage/target/roots.ts';
import { TargetSurvey } from '../storage/target/target-survey.ts';
import { ZarrWriter } from '../storage/writer/zarr-writer.ts';
import { acquisitionFacts } from './acquisition-facts.ts';
import { builtInBundle } from './built-in-bundle.ts';
import { BUILT_IN_VIEWS } from './built-in-views.ts';
import { addBundlePlans } from './bundle-plans.ts';
import { buildBundlePresenters, introducePresenters } from './bundle-presenters.ts';
import { type DeviceClass, type DeviceRecipe, DeviceRoster } from './device-roster.ts';
import { subscribeCallbacks } from './document-callbacks.ts';
import { endPart } from './end-part.ts';
import { factQuestions } from './fact-questions.ts';
import { chooseFirstChannel } from './first-channel.ts';
import { FrameContextSource } from './frame-context.ts';
import { knownParts } from './known-parts.ts';
import { LightWatch } from './light-watch.ts';
import { type LoggerFor, loggerFactory } from './logging.ts';
import { Optics } from './optics.ts';
import { PersistentMetadata } from './persistent-metadata.ts';
import { addBlueskyPlans } from './plans/bluesky-plans.ts';
import { type MdaOptics, mdaPlan } from './plans/mda-plan.ts';
import { type AbsentDevices, PlanRegistry } from './plans/plan-registry.ts';
import { AcquisitionPresenter } from './presenters/acquisition-presenter.ts';
import { CameraPresenter } from './presenters/camera-presenter.ts';
import { ControlPresenter } from './presenters/control-presenter.ts';
import { LightPresenter } from './presenters/light-presenter.ts';
import { LogPresenter } from './presenters/log-presenter.ts';
import { PositionerPresenter } from './presenters/positioner-presenter.ts';
import { ReviewPresenter } from './presenters/review-presenter.ts';
import { RunDataPresenter } from './presenters/run-data-presenter.ts';
import { SafetyPresenter } from './presenters/safety-presenter.ts';
import { SessionPresenter } from './presenters/session-presenter.ts';
import { StoragePresenter } from './presenters/storage-presenter.ts';
import { RecordedFacts } from './recorded-facts.ts';
import { RunRecovery } from './recovery/run-recovery.ts';
import { resolveHome } from './resolve-home.ts';
import { type Rehearse, RunEstimator } from './run-estimator.ts';
import { createRunStorage } from './run-storage/create-run-storage.ts';
import type { RunStorage } from './run-storage/run-storage.ts';
import { actRecordPath } from './safety/earlier-acts.ts';
import { openGuardianPage, tellEarlierActs } from './safety/guardian-at-start.ts';
import { GuardianDuty } from './safety/guardian-duty.ts';
import { InterruptedFrames } from './safety/interrupted-frames.ts';
import { makeSafe, type SafetyTools } from './safety/make-safe.ts';
import type { HostServices } from './services.ts';
import { stageAxes } from './stage-axes.ts';
import { StopLatch } from './stop-latch.ts';
import { systemClock } from './system-clock.ts';
import { DeviceTimings } from './timings/device-timings.ts';
import { TimingRecorder } from './timings/timing-recorder.ts';
import { readTimings, timingsPath } from './timings/timings-file.ts';
import { WorkClock } from './work-clock.ts';

export interface HostOptions {
  /** Session file. */
  readonly sessionPath: string;
  /** Folders whose subfolders are bundles. */
  readonly bundleFolders: readonly string[];
  /** The app's own folder: SDK sources for bundles' worker threads. */
  readonly appFolder: string;
  /** Module of the writer's threads. */
  readonly writerWorkerPath: string;
  /** Module of the thread that makes interrupted runs whole. */
  readonly recoveryWorkerPath: string;
  readonly version: string;
  /** Whose limits count for names and paths of files; default: this computer's. */
  readonly platform?: NodeJS.Platform;
  /** Whatever the session says, nothing of a run is written to the disk. */
  readonly isDryRun?: boolean;
  /** Runs go below it instead of where the session says. */
  readonly baseFolder?: string;
  /**
   * Stores that may be opened beside those of runs and those in folders that the session names; `anywhere` for a window on this
   * computer. Default: none.
   */
  readonly openFolders?: AllowedFolders;
  /** Where this computer remembers where disks are mounted. Absent: nowhere. */
  readonly stateFolder?: string;
  /** The app's own device classes, by their id in the bundle `redsun`. */
  readonly drivers: Readonly<Record<string, unknown>>;
  /** Starts what owns the ports and makes everything safe when this program cannot. Ended with the host. */
  readonly startGuardian: () => GuardianClient;
  /** Opens ports for drivers instead of the guardian; for tests. */
  readonly openLink?: OpenLink;
  readonly clock?: Clock;
  /** Where windows reach the guardian without this program: the interface on which it listens. Absent: there are no windows. */
  readonly guardianHostname?: string;
}

/** A running session, without any window: windows, browsers and the terminal come to it through `server`. */
export interface Host {
  readonly server: ChannelServer;
  readonly services: HostServices;
  readonly acquisition: AcquisitionPresenter;
  readonly safety: SafetyPresenter;
  /** Bundles that could not be loaded. */
  readonly failedBundles: readonly Extract<ScannedBundle, { kind: 'failed' }>[];
  /** Where windows reach the guardian; null: nowhere. */
  readonly guardianPage: PageAddress | null;
  /** What everything that shines or moves answered when the host was closed; empty before. */
  readonly lastAnswers: readonly DeviceAnswer[];
  /** Ends everything in reverse order of its building; each part is tried whatever the others did. */
  close(): Promise<void>;
}

/** Reads and checks a session without building it. */
export async function readSession(options: Pick<HostOptions, 'sessionPath' | 'bundleFolders' | 'version' | 'drivers'>) {
  const scanned = await scanBundles(options.bundleFolders);
  const bundles = new Map<string, Bundle>([['redsun', builtInBundle(options.version, options.drivers)]]);
  for (const found of scanned) {
    if (found.kind === 'loaded' && !bundles.has(found.bundle.manifest.name))
      bundles.set(found.bundle.manifest.name, found.bundle);
  }
  const failedBundles = scanned.filter((found) => found.kind === 'failed');
  try {
    return { session: await loadSession(resolve(options.sessionPath), knownParts(bundles)), bundles, failedBundles };
  } catch (error) {
    // A session that names a bundle which did not load: its fault is the reason, not the session's.
    const [broken] = failedBundles;
    if (broken && error instanceof RedsunError)
      throw new RedsunError(error.code, `${error.message}\n${broken.error.message}`, { cause: broken.error });
    throw error;
  }
}

/** Session file -> container -> devices -> presenters -> views. @throws what is wrong with the session, all at once. */
export async function startHost(options: HostOptions): Promise<Host> {
  const clock = options.clock ?? systemClock;
  const log = new LogBuffer();
  const loggerFor = loggerFactory(clock, log.write);
  await using built = new AsyncDisposableStack();
  // Let go of when the guardian has ended, so that the ports are free when the microscope is.
  const locks = built.use(new AsyncDisposableStack());
  // First of all: the process starts while bundles are compiled.
  const guardian = options.startGuardian();
  built.defer(() => guardian.close());
  const { session: read, bundles, failedBundles } = await readSession(options);
  const session = options.isDryRun ? withoutTrace(read) : read;
  const baseFolder = resolveBase(options.baseFolder ?? session.file.storage.base_path);
  const hardware = await hardwareOf(session.path, portsOf(session.deviceOptions.values()));
  for (const lock of await lockHardware(session.file.session, hardware, { clock, patienceMs: ENDING_MS }))
    locks.defer(() => lock.release());
  const keepsRuns = session.file.storage.writer !== 'memory';
  const { stateFolder } = options;
  const onDiskFault = (message: string) => loggerFor('storage').warning(message);
  const disks = stateFolder === undefined ? null : new KnownDisks(stateFolder, clock, onDiskFault);
  const gone = keepsRuns ? await disks?.check(baseFolder) : null;
  const unusable = gone ? [gone] : keepsRuns ? await checkTarget(baseFolder, 0) : [];
  for (const { message } of unusable) loggerFor('storage').error(message);
  // Not where the folder will not do: a guardian that makes it would fill the wrong disk.
  const recordPath = keepsRuns && unusable.length === 0 ? actRecordPath(baseFolder, session.file.session) : null;
  guardian
    .greet({ session: session.file.session, recordPath })
    .catch((thrown: unknown) => loggerFor('guardian').error(asError(thrown).message));
  if (keepsRuns && unusable.length === 0) {
    // Where nothing is written no second instance can do harm, and looking at the sample is still possible.
    const lock = await lockSession({
      baseDir: baseFolder,
      session: session.file.session,
      clock,
      patienceMs: ENDING_MS,
    });
    built.defer(() => lock.release());
    await disks?.remember(baseFolder);
  }

  const isUsable = keepsRuns && unusable.length === 0;
  const about = {
    options,
    clock,
    log,
    loggerFor,
    session,
    bundles,
    baseFolder,
    disks,
    isUsable,
    guardian,
    recordPath,
  };
  const parts = await buildParts(about, built);
  for (const { folder, error } of failedBundles) loggerFor('plugins').error(`${folder}: ${error.message}`);
  const opened = built.move();
  return { ...parts, failedBundles, close: () => opened.disposeAsync() };
}

interface Ingredients {
  readonly options: HostOptions;
  readonly clock: Clock;
  readonly log: LogBuffer;
  readonly loggerFor: LoggerFor;
  readonly session: LoadedSession;
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly baseFolder: string;
  readonly disks: KnownDisks | null;
  /** Runs may go to the base folder: nothing else is written there when they may not. */
  readonly isUsable: boolean;
  readonly guardian: GuardianClient;
  /** Where the guardian writes down what it does; null: nowhere. */
  readonly recordPath: string | null;
}

async function buildParts(
  { options, clock, log, loggerFor, session, bundles, baseFolder, disks, isUsable, guardian, recordPath }: Ingredients,
  built: AsyncDisposableStack,
): Promise<Omit<Host, 'close' | 'failedBundles'>> {
  const { file } = session;
  const container = new VirtualContainer({ logger: loggerFor('session') });
  container.setConfiguration({
    schema_version: file.schema_version,
    frontend: file.frontend,
    session: file.session,
    metadata: file.metadata,
  });

  const latch = new StopLatch();
  const metadata = await PersistentMetadata.open(
    { ...file.metadata, session: file.session, versions: versionsOf(bundles, options.version) },
    { baseDir: baseFolder, session: file.session, clock, onFault: (message) => loggerFor('session').warning(message) },
  );
  built.defer(() => metadata.flush());
  const keepsRuns = file.storage.writer !== 'memory';
  const facts = await RecordedFacts.open({
    baseDir: baseFolder,
    session: file.session,
    clock,
    writes: isUsable,
    onFault: (message) => loggerFor('session').warning(message),
  });
  built.defer(() => facts.flush());
  const engine = new RunEngine({
    clock,
    guard: latch.guard,
    giveWay: () => setImmediate(),
    md: metadata.md,
    onFault: (error) => loggerFor('engine').warning(error.message),
  });

  if (keepsRuns) engine.subscribe(() => metadata.save(), 'start');
  putIntoMetadata(facts, metadata.md, file.metadata);
  facts.changed.connect(() => putIntoMetadata(facts, metadata.md, file.metadata));

  let acquisition: AcquisitionPresenter | null = null;
  const zarrWriter = () =>
    new ZarrWriter('zarr', {
      workerPath: options.writerWorkerPath,
      compression: file.storage.compression,
      levels: file.storage.levels,
      clock,
      describe: (source) => ({
        pixelSizeUm: optics.umPerPx(source),
        omeName: source,
        stageDirection: file.stage_direction,
        firstPixelUm: optics.firstPixelUm(source),
        axes: stageAxes(roster.devices),
        acquisition: acquisitionFacts(source, roster.devices, optics, metadata.md, facts),
      }),
      frameContext: (source) => {
        const context = frames.contextOf(source);
        interrupted.add(source, context.index ?? null, clock.now());
        return context;
      },
      onCounts: () => acquisition?.countsChanged(),
      onNotice: (message) => loggerFor('storage').warning(message),
    });
  const deadlines = { connectMs: file.deadlines.connect_s * 1000, shutdownMs: file.deadlines.shutdown_s * 1000 };
  const ending = { clock, timeoutMs: deadlines.shutdownMs };
  const storage = createRunStorage({
    file,
    writerOptions: session.writerOptions,
    bundles,
    baseFolder,
    session: file.session,
    sessionPath: session.path,
    clock,
    disks,
    loggerFor,
    zarrWriter,
  });
  const roster: DeviceRoster = new DeviceRoster(clock, loggerFor, storage.writer, deadlines);
  const duty = new GuardianDuty(guardian, loggerFor('guardian'));
  built.defer(() => duty[Symbol.dispose]());
  const safetyTools: SafetyTools = { clock, whenFree: duty.whenFree };
  const optics: Optics = new Optics(
    roster.devices,
    file.channels,
    file.auto_shutter,
    safetyTools,
    file.stage_direction.swapped,
  );
  const frames = new FrameContextSource(engine, roster.devices);
  const interrupted = new InterruptedFrames();
  built.defer(() => roster.shutdown());
  const lastAnswers: DeviceAnswer[] = [];
  built.defer(async () => {
    lastAnswers.push(...(await makeSafe(roster.devices.values(), safetyTools)));
    if (notSafe(lastAnswers).length > 0) loggerFor('session').error(safeWords(lastAnswers));
  });
  await roster.build(recipes(session, bundles, options, options.openLink ?? guardian.openLink));

  const registryOf = (channels: MdaOptics, nowS: () => number) => {
    const registry = planRegistry(channels, nowS, () => roster.absent);
    addBundlePlans(registry, bundles, loggerFor);
    return registry;
  };
  const work = new WorkClock(engine, clock);
  const plans = registryOf(optics, work.nowS);
  const timings = new DeviceTimings(
    await readTimings(timingsPath(baseFolder, file.session), (reason) =>
      loggerFor('run').warning(`Durations of earlier runs are not used. ${reason}`),
    ),
  );
  new TimingRecorder(engine, timings);
  const rehearsed: MdaOptics = {
    channelPlans: () => optics.channelPlans({ rehearsal: true }),
    rememberLightPath: () => optics.rememberLightPath({ rehearsal: true }),
    fieldOfViewUm: (camera) => optics.fieldOfViewUm(camera),
  };
  const rehearse: Rehearse = (item, nowS) => registryOf(rehearsed, nowS).prepare(item, roster.devices);

  const services: HostServices = {
    clock,
    session,
    baseFolder,
    container,
    roster,
    engine,
    work,
    plans,
    estimator: new RunEstimator(rehearse, timings, clock),
    timings,
    optics,
    storage,
    recovery: new RunRecovery({ workerPath: options.recoveryWorkerPath, engine, loggerFor, storage }),
    facts,
    roots: new Roots(allowedFolders(options.openFolders ?? [], baseFolder, session)),
    survey: new TargetSurvey({
      folder: baseFolder,
      clock,
      onNotice: (message) => loggerFor('storage').warning(message),
    }),
    latch,
    duty,
    interrupted,
    log,
    loggerFor,
    views: viewsOf(file),
    version: options.version,
    platform: options.platform ?? process.platform,
  };
  const server = new ChannelServer(new ControlLease(clock), (error) =>
    loggerFor('bridge').warning(asError(error).message),
  );
  built.defer(() => server.close());

  const camera = new CameraPresenter('camera', services);
  acquisition = new AcquisitionPresenter('acquisition', services, camera);
  const safety = new SafetyPresenter('safety', services, camera);
  const control = new ControlPresenter('control', services, server);
  const sessionPresenter = new SessionPresenter('session', services);
  const review = new ReviewPresenter('review', services, () => acquisition?.runId ?? null);
  const builtIn: PPresenter[] = [
    sessionPresenter,
    new LogPresenter('log', services),
    camera,
    new PositionerPresenter('positioner', services),
    new LightPresenter('light', services),
    acquisition,
    safety,
    control,
    new StoragePresenter('storage', services, () => acquisition?.progress ?? null),
    review,
    new RunDataPresenter('run-data', services),
  ];
  const presenters = [...builtIn, ...buildBundlePresenters(file.presenters ?? {}, bundles, roster.devices, loggerFor)];
  introducePresenters(presenters, container, loggerFor);
  for (const presenter of presenters) {
    if (Object.values(presenter).some(isSignal)) container.registerSignals(presenter);
    if (presenter.channel) server.add(presenter.channel);
    if (hasShutdown(presenter))
      built.defer(() => endPart(() => presenter.shutdown(), loggerFor(presenter.name), ending));
  }
  subscribeCallbacks(container, engine, { clock, loggerFor });
  built.defer(async () => {
    if (engine.state !== 'idle') await endRun(engine, clock);
    await endPart(() => camera.stopLive(), loggerFor('camera'), ending);
    // A run that was halted leaves its store open, or closing: what there is of it is made whole.
    await endPart(() => closeStore(storage.writer), loggerFor('storage'), ending);
  });

  const watch = new LightWatch({ clock, server, engine, optics, camera, logger: loggerFor('light') });
  acquisition.runEnded.connect(() => watch.look());
  built.defer(() => watch[Symbol.dispose]());

  duty.begin({
    // A window tells both: the host may have heard it already.
    stop: (by) => {
      if (!latch.pulled) void safety.stop(by);
    },
    hold: (why) => acquisition?.pauseFor(why),
    record: (act) => acquisition?.recordAct(act),
    pause: (why) => {
      acquisition?.pauseFor(why);
      void camera.stopLive();
      // What the devices of this program believe is asked anew.
      void makeSafe(roster.devices.values(), safetyTools);
    },
  });

  acquisition.runEnded.connect(({ runId }) => review.runEnded(runId));
  const guardianPage = options.guardianHostname
    ? await openGuardianPage(guardian, options.guardianHostname, loggerFor('guardian'))
    : null;
  if (recordPath !== null)
    await tellEarlierActs(recordPath, loggerFor('guardian'), (act) => safety.tellGuardian({ lastAct: act }));
  safety.tellGuardian({ page: guardianPage });

  await chooseFirstChannel(optics, { clock, loggerFor, timeoutMs: deadlines.connectMs });
  // Every state is told once, so that a window gets all of it when it connects.
  roster.changed.emit();
  acquisition.announce();
  safety.announce();
  control.announce();
  review.runsChanged.emit({ newest: null });
  loggerFor('session').info(`${file.session} is ready: ${roster.devices.size} devices`);
  return { server, services, acquisition, safety, lastAnswers, guardianPage };
}

/** A program on the same microscope that is just ending has this long to do so, ms. */
const ENDING_MS = 2_000;

/** The app's own plans. @param nowS - what they take for the time. */
function planRegistry(optics: MdaOptics, nowS: () => number, absent: AbsentDevices): PlanRegistry {
  const plans = new PlanRegistry(absent);
  addBlueskyPlans(plans);
  plans.add(mdaPlan(optics, nowS));
  return plans;
}

function recipes(
  session: LoadedSession,
  bundles: ReadonlyMap<string, Bundle>,
  options: HostOptions,
  openLink: OpenLink,
): DeviceRecipe[] {
  return Object.entries(session.file.devices).map(([name, { plugin_name: plugin, plugin_id: pluginId }]) => ({
    name,
    plugin,
    pluginId,
    options: session.deviceOptions.get(name) ?? {},
    load: () => {
      const bundle = bundles.get(plugin);
      const part = bundle?.part(bundle.manifest.devices[pluginId] ?? '');
      if (typeof part !== 'function') throw new RedsunError('plugin/no-class', `${plugin}:${pluginId} is no class`);
      return part as DeviceClass;
    },
    openLink: (link) => openLink(link, name),
    startWorker: (module) => startBundleWorker(bundles.get(plugin)?.folder ?? '', module, options.appFolder),
  }));
}

/** Operator and sample are words of every start document, as the session file would say them. */
function putIntoMetadata(facts: RecordedFacts, md: Metadata, given: Readonly<Record<string, unknown>>): void {
  const asked = new Set(factQuestions(new Map(), given).map(({ key }) => key));
  for (const key of ['operator', 'sample']) {
    if (!asked.has(key) || !facts.isAsked(key)) continue;
    const answer = facts.get(key);
    if (answer === null) delete md[key];
    else md[key] = answer;
  }
}

/** Serial ports that devices are to open: by convention their option `port`. */
function portsOf(options: Iterable<Readonly<Record<string, unknown>>>): string[] {
  return [...options].flatMap(({ port }) => (typeof port === 'string' ? [port] : []));
}

/** The same session, of whose runs nothing is kept. */
function withoutTrace(session: LoadedSession): LoadedSession {
  const { file } = session;
  return { ...session, file: { ...file, storage: { ...file.storage, writer: 'memory' } } };
}

function viewsOf(file: SessionFile): ViewDescriptor[] {
  if (!file.views) return [...BUILT_IN_VIEWS];
  const wanted = Object.values(file.views).map(({ plugin_id: id }) => id);
  return BUILT_IN_VIEWS.filter(({ name }) => wanted.includes(name));
}

/** What a run came from: the app, and each bundle with what its code was, which a version that nobody raised does not say. */
function versionsOf(bundles: ReadonlyMap<string, Bundle>, version: string): Readonly<Record<string, string>> {
  const found = [...bundles.values()].flatMap(({ manifest, codeHash }) =>
    codeHash === null ? [] : [[manifest.name, `${manifest.version} sha256:${codeHash.slice(0, 16)}`] as const],
  );
  return { ...Object.fromEntries(found), redsun: version };
}

async function closeStore(writer: RunStorage['writer']): Promise<void> {
  await Promise.all([...writer.sources.keys()].map((source) => writer.complete(source)));
}

/** Where runs go, by the key `storage.base_path` of a session. */
export function resolveBase(path: string | undefined): string {
  return resolveHome(path ?? join('~', 'redsun-storage'));
}

/** Folders of the session are relative to its file. */
function allowedFolders(open: AllowedFolders, baseFolder: string, { file, path }: LoadedSession): AllowedFolders {
  if (open === 'anywhere') return open;
  const named = file.review.folders.map((folder) =>
    folder.startsWith('~') ? resolveHome(folder) : resolve(dirname(path), folder),
  );
  return [baseFolder, ...named, ...open];
}

/** Time for the clean-up of a plan, ms: one that does not end must not keep the program from ending. */
const CLEAN_UP_MS = 5000;

async function endRun(engine: RunEngine, clock: Clock): Promise<void> {
  await engine.abort('The program ends');
  await Promise.race([engine.whenIdle(), clock.sleep(CLEAN_UP_MS)]);
  if (engine.state !== 'idle') await engine.halt();
}

import { LogBuffer } from 'redsun/sdk/log';
import { asError, type Clock } from 'redsun/sdk/util';
import { VirtualContainer } from 'redsun/sdk/virtual';
import type { DeviceAnswer } from '../../shared/channels/device-answer.ts';
import type { GuardianClient, PageAddress } from '../guardian/guardian-client.ts';
import type { ChannelServer } from '../ipc/channel-server.ts';
import { Roots } from '../storage/target/roots.ts';
import { TargetSurvey } from '../storage/target/target-survey.ts';
import { buildDevices, type DeviceParts } from './building/build-devices.ts';
import { buildEngine } from './building/build-engine.ts';
import { buildPlans } from './building/build-plans.ts';
import { buildPresenters, type PresenterParts } from './building/build-presenters.ts';
import { buildStorage } from './building/build-storage.ts';
import type { HostOptions } from './building/host-options.ts';
import { lockMicroscope, type OpenedFolder, openFolder, resolveBase } from './building/open-folder.ts';
import { type FailedBundle, type ReadSession, readSession, withoutTrace } from './building/read-session.ts';
import { allowedFolders, viewsOf } from './building/session-places.ts';
import { acquisitionFacts } from './facts-of-camera.ts';
import { chooseFirstChannel } from './first-channel.ts';
import { FrameContextSource } from './frame-context.ts';
import { type LoggerFor, loggerFactory } from './logging.ts';
import type { SafetyPresenter } from './presenters/safety-presenter.ts';
import { RunRecovery } from './recovery/run-recovery.ts';
import type { RunCoordinator } from './run/run-coordinator.ts';
import { openGuardianPage, tellEarlierActs } from './safety/guardian-at-start.ts';
import { InterruptedFrames } from './safety/interrupted-frames.ts';
import { makeSafe } from './safety/make-safe.ts';
import type { HostServices } from './services.ts';
import { stageAxes } from './stage-axes.ts';
import { systemClock } from './system-clock.ts';
import { timingsPath } from './timings/timings-file.ts';

/** A running session, without any window: windows, browsers and the terminal come to it through `server`. */
export interface Host {
  readonly server: ChannelServer;
  readonly services: HostServices;
  readonly runs: RunCoordinator;
  readonly safety: SafetyPresenter;
  /** Bundles that could not be loaded. */
  readonly failedBundles: readonly FailedBundle[];
  /** Where windows reach the guardian; null: nowhere. */
  readonly guardianPage: PageAddress | null;
  /** What everything that shines or moves answered when the host was closed; empty before. */
  readonly lastAnswers: readonly DeviceAnswer[];
  /** Ends everything in reverse order of its building; each part is tried whatever the others did. */
  close(): Promise<void>;
}

/** Session file -> folder -> engine, storage, devices -> presenters -> views. @throws what is wrong with the session, all at once. */
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
  const read = await readSession(options);
  const session = options.isDryRun ? withoutTrace(read.session) : read.session;
  locks.use(await lockMicroscope(session, clock));
  const baseFolder = resolveBase(options.baseFolder ?? session.file.storage.base_path);
  const { stateFolder } = options;
  const folder = built.use(await openFolder({ session, baseFolder, stateFolder, clock, loggerFor }));
  guardian
    .greet({ session: session.file.session, recordPath: folder.recordPath })
    .catch((thrown: unknown) => loggerFor('guardian').error(asError(thrown).message));

  const { devices, services } = await buildServices(
    { options, clock, log, loggerFor, read: { ...read, session }, folder, guardian },
    built,
  );
  const presenters = built.use(await buildPresenters(services, read.bundles));
  listenToGuardian(devices, presenters, services);
  const guardianPage = options.guardianHostname
    ? await openGuardianPage(guardian, options.guardianHostname, loggerFor('guardian'))
    : null;
  const { server, runs, safety } = presenters;
  if (folder.recordPath !== null)
    await tellEarlierActs(folder.recordPath, loggerFor('guardian'), (act) => safety.tellGuardian({ lastAct: act }));
  safety.tellGuardian({ page: guardianPage });

  const timeoutMs = session.file.deadlines.connect_s * 1000;
  await chooseFirstChannel(services.optics, { clock, loggerFor, timeoutMs });
  presenters.announce();
  loggerFor('session').info(`${session.file.session} is ready: ${services.roster.devices.size} devices`);
  const { failedBundles } = read;
  for (const failed of failedBundles) loggerFor('plugins').error(`${failed.folder}: ${failed.error.message}`);
  const { lastAnswers } = devices;
  const opened = built.move();
  return {
    server,
    services,
    runs,
    safety,
    lastAnswers,
    guardianPage,
    failedBundles,
    close: () => opened.disposeAsync(),
  };
}

interface Ingredients {
  readonly options: HostOptions;
  readonly clock: Clock;
  readonly log: LogBuffer;
  readonly loggerFor: LoggerFor;
  readonly read: ReadSession;
  readonly folder: OpenedFolder;
  readonly guardian: GuardianClient;
}

/** Engine, storage, devices and plans, and what the presenters need of them. */
async function buildServices(
  { options, clock, log, loggerFor, read, folder, guardian }: Ingredients,
  built: AsyncDisposableStack,
): Promise<{ readonly devices: DeviceParts; readonly services: HostServices }> {
  const { session, bundles } = read;
  const { file } = session;
  const { baseFolder } = folder;
  const common = { session, bundles, folder, clock, loggerFor };
  const { engine, latch, md, facts, work } = built.use(await buildEngine({ ...common, version: options.version }));
  const interrupted = new InterruptedFrames();
  const { storage, countsChanged } = buildStorage({
    ...common,
    workerPath: options.writerWorkerPath,
    describe: (source) => ({
      pixelSizeUm: optics.umPerPx(source),
      omeName: source,
      stageDirection: file.stage_direction,
      firstPixelUm: optics.firstPixelUm(source),
      axes: stageAxes(roster.devices),
      acquisition: acquisitionFacts(source, roster.devices, optics, md, facts),
    }),
    frameContext: (source) => {
      const context = frames.contextOf(source);
      interrupted.add(source, context.index ?? null, clock.now());
      return context;
    },
  });
  const openLink = options.openLink ?? guardian.openLink;
  const { appFolder } = options;
  const { writer } = storage;
  const devices = built.use(await buildDevices({ ...common, guardian, openLink, appFolder, writer }));
  const { roster, optics, duty } = devices;
  const frames = new FrameContextSource(engine, roster.devices);
  const timingsFile = timingsPath(baseFolder, file.session);
  const plans = await buildPlans({ ...common, roster, optics, engine, work, timingsFile });
  const container = new VirtualContainer({ logger: loggerFor('session') });
  const { schema_version, frontend, session: name, metadata } = file;
  container.setConfiguration({ schema_version, frontend, session: name, metadata });
  const services: HostServices = {
    ...plans,
    clock,
    session,
    baseFolder,
    container,
    roster,
    engine,
    work,
    optics,
    storage,
    countsChanged,
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
    pictureWorkerPath: options.pictureWorkerPath,
    views: viewsOf(file),
    version: options.version,
    platform: options.platform ?? process.platform,
  };
  return { devices, services };
}

function listenToGuardian(
  { duty, roster, safety: tools }: DeviceParts,
  { runs, camera, safety }: PresenterParts,
  { latch }: HostServices,
): void {
  duty.begin({
    // A window tells both: the host may have heard it already.
    stop: (by) => {
      if (!latch.pulled) void safety.stop(by);
    },
    hold: (why) => runs.pauseFor(why),
    record: (act) => runs.recordAct(act),
    pause: (why) => {
      runs.pauseFor(why);
      void camera.stopLive();
      // What the devices of this program believe is asked anew.
      void makeSafe(roster.devices.values(), tools);
    },
  });
}

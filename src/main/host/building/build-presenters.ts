import type { PPresenter } from 'redsun/sdk/presenter';
import { asError } from 'redsun/sdk/util';
import { hasShutdown, isSignal } from 'redsun/sdk/virtual';
import { ChannelServer } from '../../ipc/channel-server.ts';
import { ControlLease } from '../../ipc/control-lease.ts';
import type { Bundle } from '../../plugins/load-bundle.ts';
import { buildBundlePresenters, introducePresenters } from '../bundle-presenters.ts';
import { subscribeCallbacks } from '../document-callbacks.ts';
import { DocumentSpool } from '../documents/document-spool.ts';
import { endPart } from '../end-part.ts';
import { LightWatch } from '../light-watch.ts';
import { AcquisitionPresenter } from '../presenters/acquisition-presenter.ts';
import { CameraPresenter } from '../presenters/camera-presenter.ts';
import { ControlPresenter } from '../presenters/control-presenter.ts';
import { LightPresenter } from '../presenters/light-presenter.ts';
import { LogPresenter } from '../presenters/log-presenter.ts';
import { PositionerPresenter } from '../presenters/positioner-presenter.ts';
import { PropertiesPresenter } from '../presenters/properties-presenter.ts';
import { ReviewPresenter } from '../presenters/review-presenter.ts';
import { RunDataPresenter } from '../presenters/run-data-presenter.ts';
import { SafetyPresenter } from '../presenters/safety-presenter.ts';
import { SessionPresenter } from '../presenters/session-presenter.ts';
import { StoragePresenter } from '../presenters/storage-presenter.ts';
import { RunCoordinator } from '../run/run-coordinator.ts';
import type { HostServices } from '../services.ts';
import { endSession } from './session-end.ts';

/** What windows talk to. */
export interface PresenterParts extends AsyncDisposable {
  readonly server: ChannelServer;
  readonly runs: RunCoordinator;
  readonly camera: CameraPresenter;
  readonly safety: SafetyPresenter;
  /** Tells every state once, so that a window gets all of it when it connects. */
  announce(): void;
}

/** Presenters, with the server of their channels. What goes on ends first when it is disposed, then each presenter, then the connections. */
export async function buildPresenters(
  services: HostServices,
  bundles: ReadonlyMap<string, Bundle>,
): Promise<PresenterParts> {
  const { clock, container, engine, loggerFor, optics, roster, session } = services;
  const timeoutMs = session.file.deadlines.shutdown_s * 1000;
  await using scope = new AsyncDisposableStack();
  const server = new ChannelServer(new ControlLease(clock), (error) =>
    loggerFor('bridge').warning(asError(error).message),
  );
  scope.defer(() => server.close());
  const camera = new CameraPresenter('camera', services);
  const runs = scope.use(new RunCoordinator(services, camera));
  const acquisition = new AcquisitionPresenter('acquisition', services, runs);
  const safety = new SafetyPresenter('safety', services, camera);
  const control = new ControlPresenter('control', services, server);
  const review = new ReviewPresenter('review', services, () => runs.runId);
  const runData = new RunDataPresenter('run-data', services);
  const builtIn: PPresenter[] = [
    new SessionPresenter('session', services),
    new LogPresenter('log', services),
    camera,
    new PositionerPresenter('positioner', services),
    new LightPresenter('light', services),
    new PropertiesPresenter('properties', services),
    acquisition,
    safety,
    control,
    new StoragePresenter('storage', services, () => runs.progress),
    review,
    runData,
  ];
  const ofBundles = buildBundlePresenters(session.file.presenters ?? {}, bundles, roster.devices, loggerFor);
  const presenters = [...builtIn, ...ofBundles];
  introducePresenters(presenters, container, loggerFor);
  for (const presenter of presenters) {
    if (Object.values(presenter).some(isSignal)) container.registerSignals(presenter);
    if (presenter.channel) scope.use(server.add(presenter.channel));
    if (hasShutdown(presenter))
      scope.defer(() => endPart(() => presenter.shutdown(), loggerFor(presenter.name), { clock, timeoutMs }));
  }
  for (const sink of [runData, review.catalogue]) {
    const spool = scope.use(new DocumentSpool(sink, { clock, logger: loggerFor(sink.name) }));
    const token = engine.subscribe(spool.offer);
    scope.defer(() => engine.unsubscribe(token));
  }
  subscribeCallbacks(container, engine, { clock, loggerFor });
  scope.defer(() => endSession(services, camera, timeoutMs));
  const watch = scope.use(new LightWatch({ clock, server, engine, optics, camera, logger: loggerFor('light') }));
  runs.ended.connect(({ runId }) => {
    watch.look();
    review.runEnded(runId);
  });
  const kept = scope.move();
  return {
    server,
    runs,
    camera,
    safety,
    announce: () => {
      roster.changed.emit();
      acquisition.announce();
      safety.announce();
      control.announce();
      review.runsChanged.emit({ newest: null });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

import type { OpenLink } from 'redsun/sdk/device';
import type { Writer } from 'redsun/sdk/storage';
import { type Clock, RedsunError } from 'redsun/sdk/util';
import { type DeviceAnswer, notSafe, safeWords } from '../../../shared/channels/device-answer.ts';
import type { GuardianClient } from '../../guardian/guardian-client.ts';
import { startBundleWorker } from '../../plugins/bundle-worker.ts';
import type { Bundle } from '../../plugins/load-bundle.ts';
import type { LoadedSession } from '../../session/load-session.ts';
import { type DeviceClass, type DeviceRecipe, DeviceRoster } from '../device-roster.ts';
import type { LoggerFor } from '../logging.ts';
import { Optics } from '../optics.ts';
import { GuardianDuty } from '../safety/guardian-duty.ts';
import { makeSafe, type SafetyTools } from '../safety/make-safe.ts';

/** The microscope, and what makes it safe. */
export interface DeviceParts extends AsyncDisposable {
  readonly roster: DeviceRoster;
  readonly optics: Optics;
  /** What the guardian does is dealt with there. */
  readonly duty: GuardianDuty;
  readonly safety: SafetyTools;
  /** What everything that shines or moves answered when it was disposed; empty before. */
  readonly lastAnswers: readonly DeviceAnswer[];
}

export interface DeviceOptions {
  readonly session: LoadedSession;
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly guardian: GuardianClient;
  readonly openLink: OpenLink;
  /** The app's own folder: SDK sources for bundles' worker threads. */
  readonly appFolder: string;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly loggerFor: LoggerFor;
}

/** Builds and connects every device; one that fails is left out. All of them are made safe, then ended, when this is disposed. */
export async function buildDevices(options: DeviceOptions): Promise<DeviceParts> {
  const { session, guardian, writer, clock, loggerFor } = options;
  const { deadlines, channels, auto_shutter: autoShutter, stage_direction: direction } = session.file;
  await using scope = new AsyncDisposableStack();
  const timesMs = { connectMs: deadlines.connect_s * 1000, shutdownMs: deadlines.shutdown_s * 1000 };
  const roster = new DeviceRoster(clock, loggerFor, writer, timesMs);
  const duty = scope.use(new GuardianDuty(guardian, loggerFor('guardian')));
  const safety: SafetyTools = { clock, whenFree: duty.whenFree };
  scope.defer(() => roster.shutdown());
  const lastAnswers: DeviceAnswer[] = [];
  scope.defer(async () => {
    lastAnswers.push(...(await makeSafe(roster.devices.values(), safety)));
    if (notSafe(lastAnswers).length > 0) loggerFor('session').error(safeWords(lastAnswers));
  });
  await roster.build(recipes(options));
  const kept = scope.move();
  return {
    roster,
    optics: new Optics(roster.devices, channels, autoShutter, safety, direction.swapped),
    duty,
    safety,
    lastAnswers,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function recipes({ session, bundles, appFolder, openLink }: DeviceOptions): DeviceRecipe[] {
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
    startWorker: (module) => startBundleWorker(bundles.get(plugin)?.folder ?? '', module, appFolder),
  }));
}

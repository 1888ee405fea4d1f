import { type DeviceContext, isPDevice } from 'redsun/sdk/device';
import { asError, hasCode, RedsunError } from 'redsun/sdk/util';
import type { Bundle } from '../plugins/load-bundle.ts';
import type { LoadedSession } from '../session/load-session.ts';
import { isBundlePlan } from './bundle-plans.ts';
import type { DeviceClass } from './device-roster.ts';
import { roleProblem } from './role-problem.ts';
import { systemClock } from './system-clock.ts';

const CLASS_KINDS = ['devices', 'presenters', 'writers'] as const;

/** What of the bundles cannot be what their manifests say, and which devices of the session are not what they claim; in words. */
export function unfitParts(
  { file, deviceOptions }: Pick<LoadedSession, 'file' | 'deviceOptions'>,
  bundles: ReadonlyMap<string, Bundle>,
): string[] {
  const problems: string[] = [];
  const attempt = (what: string, check: () => string | null) => {
    try {
      const problem = check();
      if (problem !== null) problems.push(`${what}: ${problem}`);
    } catch (thrown) {
      if (!hasCode(thrown, UNTOUCHED)) problems.push(`${what}: ${asError(thrown).message}`);
    }
  };
  for (const [name, { manifest, part }] of bundles) {
    // The app's own is put together with the app.
    if (name === 'redsun') continue;
    for (const kind of CLASS_KINDS) {
      for (const [id, place] of Object.entries(manifest[kind])) {
        attempt(`${name}:${id}`, () => (typeof part(place) === 'function' ? null : `${place} is no class`));
      }
    }
    for (const [id, place] of Object.entries(manifest.plans)) {
      const lacks = 'is no plan: it lacks name, description, parameters or plan';
      attempt(`${name}:${id}`, () => (isBundlePlan(part(place)) ? null : `${place} ${lacks}`));
    }
  }
  for (const [name, { plugin_name: plugin, plugin_id: id }] of Object.entries(file.devices)) {
    const bundle = bundles.get(plugin);
    const place = bundle?.manifest.devices[id];
    if (!bundle || place === undefined) continue;
    attempt(name, () => {
      const part = bundle.part(place);
      // Told of the bundle already.
      if (typeof part !== 'function') return null;
      const device = new (part as DeviceClass)(name, deviceOptions.get(name) ?? {}, UNTOUCHING);
      if (!isPDevice(device))
        return 'it is no device: it lacks name, parent, readConfiguration or describeConfiguration';
      return roleProblem(device);
    });
  }
  return problems;
}

const UNTOUCHED = 'doctor/untouched';

/** A device is made to look at it: it gets no line, no thread and nobody to speak to. */
const UNTOUCHING: DeviceContext = {
  clock: systemClock,
  logger: { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} } as unknown as DeviceContext['logger'],
  devices: new Map(),
  openLink: () => Promise.reject(new RedsunError(UNTOUCHED, 'The doctor opens no line')),
  shareLink: () => Promise.reject(new RedsunError(UNTOUCHED, 'The doctor opens no line')),
  startWorker: () => {
    throw new RedsunError(UNTOUCHED, 'The doctor starts no thread');
  },
};

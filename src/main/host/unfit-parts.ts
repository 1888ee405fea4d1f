import { type DeviceContext, isPDevice } from 'redsun/sdk/device';
import { asError, hasCode, RedsunError } from 'redsun/sdk/util';
import type { Bundle } from '../plugins/load-bundle.ts';
import type { LoadedSession } from '../session/load-session.ts';
import { isBundlePlan } from './bundle-plans.ts';
import type { DeviceClass } from './device-roster.ts';
import { roleProblem } from './role-problem.ts';
import { unprotectedWords } from './safety/unprotected.ts';
import { systemClock } from './system-clock.ts';

type Session = Pick<LoadedSession, 'file' | 'deviceOptions'>;

const CLASS_KINDS = ['devices', 'presenters', 'writers'] as const;

/** What of the bundles cannot be what their manifests say, and which devices of the session are not what they claim; in words. */
export function unfitParts({ file, deviceOptions }: Session, bundles: ReadonlyMap<string, Bundle>): string[] {
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
  for (const { name, make } of devicesOf({ file, deviceOptions }, bundles)) {
    attempt(name, () => {
      const device = make();
      if (!isPDevice(device))
        return 'it is no device: it lacks name, parent, readConfiguration or describeConfiguration';
      return roleProblem(device);
    });
  }
  return problems;
}

/**
 * Devices that shine or move and certainly describe no safe state, in words. What is described over a line is known only once the line
 * is open, so this names those that never open one, and those of bundles in whose code nobody protects anything.
 */
export function unprotectedParts(session: Session, bundles: ReadonlyMap<string, Bundle>): string[] {
  return devicesOf(session, bundles).flatMap(({ name, bundle, make }) => {
    try {
      const device = make();
      if (bundle.protects && hasConnect(device)) return [];
      return unprotectedWords(name, device, []) ?? [];
    } catch {
      // Told with what is unfit.
      return [];
    }
  });
}

interface MadeDevice {
  readonly name: string;
  readonly bundle: Bundle;
  /** @throws RedsunError `doctor/untouched`, `plugin/no-export`; what the constructor throws */
  make(): unknown;
}

/** The devices of a session whose bundles know them. */
function devicesOf({ file, deviceOptions }: Session, bundles: ReadonlyMap<string, Bundle>): MadeDevice[] {
  return Object.entries(file.devices).flatMap(([name, { plugin_name: plugin, plugin_id: id }]) => {
    const bundle = bundles.get(plugin);
    const place = bundle?.manifest.devices[id];
    if (!bundle || place === undefined) return [];
    const make = () => {
      const part = bundle.part(place);
      if (typeof part !== 'function') throw new RedsunError(UNTOUCHED, `${place} is no class: told of the bundle`);
      return new (part as DeviceClass)(name, deviceOptions.get(name) ?? {}, UNTOUCHING);
    };
    return [{ name, bundle, make }];
  });
}

function hasConnect(device: unknown): boolean {
  return typeof device === 'object' && device !== null && 'connect' in device;
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

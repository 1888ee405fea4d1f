import { hasHints } from '../device/protocols.ts';

/** What `parent` says, up to the device that has none. */
function ancestry(device: object): object[] {
  const parent: unknown = 'parent' in device ? device.parent : null;
  return typeof parent === 'object' && parent !== null ? [device, ...ancestry(parent)] : [device];
}

/** The device that `device` is a part of, or itself. */
export function rootAncestor<D extends object>(device: D): D {
  return ancestry(device).at(-1) as D;
}

/** The devices without those that are parts of another one, each once: what is read is read once. */
export function separateDevices<D extends object>(devices: Iterable<D>): D[] {
  let kept: D[] = [];
  for (const device of devices) {
    if (kept.some((other) => ancestry(device).includes(other))) continue;
    kept = [...kept.filter((other) => !ancestry(other).includes(device)), device];
  }
  return kept;
}

/** Keys of its readings that matter most. */
export function hintedFields(device: object): readonly string[] {
  return hasHints(device) ? (device.hints.fields ?? []) : [];
}

/** False when one of them cannot do its part again: what it reads is not repeated after a pause. */
export function areRewindable(devices: Iterable<object>): boolean {
  return [...devices].every((device) => {
    const said: unknown = 'rewindable' in device ? device.rewindable : true;
    if (typeof said === 'object' && said !== null && 'get' in said && typeof said.get === 'function') {
      return Boolean(said.get());
    }
    return Boolean(said);
  });
}

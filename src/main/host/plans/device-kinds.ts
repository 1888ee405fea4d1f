import {
  isCamera,
  isCollectable,
  isConfigurable,
  isFlyable,
  isMovable,
  isReadable,
  isStoppable,
  roleOf,
} from 'redsun/sdk/device';

/** What a plan may want of a device; what it is called in messages. */
export const DEVICE_KINDS = {
  readable: 'a device that can be read',
  axis: 'an axis',
  settable: 'a device that can be set and read',
  movable: 'a device that can be set',
  flyer: 'a device that flies and names its streams',
  camera: 'a camera',
  stoppable: 'a device that can be stopped',
  configurable: 'a device that can be configured',
} as const;
export type DeviceKind = keyof typeof DEVICE_KINDS;

/** True when a plan may use `device` as that kind. */
export function isOfKind(kind: DeviceKind, device: unknown): boolean {
  switch (kind) {
    case 'readable':
      return isReadable(device);
    case 'axis': {
      // A light can be set and read, too, but not to a number.
      const role = roleOf(device);
      return isMovable(device) && isReadable(device) && (role === null || role === 'axis');
    }
    case 'settable':
      return isMovable(device) && isReadable(device);
    case 'movable':
      return isMovable(device);
    case 'flyer':
      return isFlyable(device) && isCollectable(device) && namesItsStreams(device);
    case 'camera':
      return isCamera(device);
    case 'stoppable':
      return isStoppable(device);
    case 'configurable':
      return isConfigurable(device);
  }
}

/** False when a plan would have to declare the stream first. A device that answers later is believed. */
function namesItsStreams(device: { describeCollect(): unknown }): boolean {
  const keys = device.describeCollect();
  if (typeof keys !== 'object' || keys === null) return false;
  if (keys instanceof Promise) {
    keys.catch(() => {});
    return true;
  }
  return !Object.values(keys).some((value) => typeof value === 'object' && value !== null && 'dtype' in value);
}

import { FakeAxis, FakeCamera, FakeDetector, FakeXYStage } from 'redsun/sdk/testing';
import { expect, test } from 'vitest';
import { DeviceLookup } from './device-lookup.ts';

class Tower extends FakeDetector {
  readonly lift = new FakeAxis('tower-lift-axis');
  readonly serial = 'A1';
}

function lookup(): { readonly devices: DeviceLookup; readonly tower: Tower; readonly xy: FakeXYStage } {
  const [tower, xy, camera] = [new Tower('tower'), new FakeXYStage('xy'), new FakeCamera('camera')];
  const all = [tower, xy, xy.x, xy.y, camera];
  return { devices: new DeviceLookup('scan', new Map(all.map((device) => [device.name, device]))), tower, xy };
}

test('a part of a device is found by a dot, whatever its own name is', () => {
  const { devices, tower, xy } = lookup();
  expect(devices.axis('tower.lift', 'motor')).toBe(tower.lift);
  expect(devices.axis('xy.x', 'motor')).toBe(xy.x);
  expect(devices.axis('xy-x', 'motor')).toBe(xy.x);
});

test('a setting of a device is no device', () => {
  const { devices } = lookup();
  expect(() => devices.axis('tower.serial', 'motor')).toThrowError('scan: motor: no device "tower.serial"');
});

test('a stage where an axis is due is told with the names of its axes', () => {
  const { devices } = lookup();
  expect(() => devices.axis('xy', 'args[0]')).toThrowError(
    'scan: args[0]: expected an axis, and "xy" is none. Its axes are xy-x and xy-y.',
  );
});

test('what was asked for is remembered', () => {
  const { devices } = lookup();
  devices.cameras(['camera'], 'cameras');
  devices.readables(['tower', 'camera'], 'detectors');
  expect([...devices.used].map((device) => 'name' in device && device.name)).toEqual(['camera', 'tower']);
});

import { expect, test } from 'vitest';
import { FakeAxis, FakeCamera, FakeDetector, FakeXYStage } from '../testing/fake-devices.ts';
import { Device } from './device.ts';
import { isFlyable, isMovable, isPDevice, isReadable, isStageable, isTriggerable } from './protocols.ts';
import { isAxis, isCamera, isLight, isXYStage, missingMembers, ROLES, roleOf } from './roles.ts';

test('a device has the role that it claims when it can do what the role asks', () => {
  expect([new FakeCamera('camera'), new FakeAxis('z'), new FakeXYStage('xy')].map(roleOf)).toEqual([
    'camera',
    'axis',
    'xy-stage',
  ]);
  expect(isCamera(new FakeCamera('camera'))).toBe(true);
  expect(isXYStage(new FakeXYStage('xy'))).toBe(true);
});

test('guards tell roles apart', () => {
  const axis = new FakeAxis('z');
  expect([isAxis(axis), isCamera(axis), isXYStage(axis), isLight(axis)]).toEqual([true, false, false, false]);
});

test('a device without a role, or that lacks a member of it, has none', () => {
  expect(roleOf(new FakeDetector('det'))).toBeNull();
  const dimmed = { role: 'light', read() {}, describe() {}, set() {}, state: {} };
  expect(roleOf(dimmed)).toBeNull();
  expect(missingMembers(dimmed, 'light')).toEqual(['turnOff']);
  expect(roleOf({ ...dimmed, turnOff() {} })).toBe('light');
});

test.each([null, undefined, 'axis', 5, {}, { role: 'teapot' }])('%j has no role', (thing) => {
  expect(roleOf(thing)).toBeNull();
});

test.each(ROLES)('an object that only claims to be a %s is not believed', (role) => {
  expect(roleOf({ role })).toBeNull();
  expect(missingMembers({ role }, role).length).toBeGreaterThan(0);
});

test('protocols are judged by methods, not by classes', () => {
  const det = new FakeDetector('det');
  expect([isReadable(det), isTriggerable(det), isStageable(det), isPDevice(det)]).toEqual([true, true, true, true]);
  expect([isMovable(det), isFlyable(det)]).toEqual([false, false]);
  expect(isPDevice({ name: 'x', parent: null, readConfiguration() {}, describeConfiguration() {} })).toBe(true);
  expect(isPDevice({ name: 'x' })).toBe(false);
  expect(isReadable({ read: true, describe: true })).toBe(false);
});

test('a device has a name that stays, no parent, and Device itself cannot be made', () => {
  const det = new FakeDetector('det');
  expect([det.name, det.parent]).toEqual(['det', null]);
  expect(() => Object.assign(det, { name: 'other' })).toThrow(TypeError);
  const Concrete = Device as unknown as new (name: string) => Device;
  expect(() => new Concrete('x')).toThrow(TypeError);
});

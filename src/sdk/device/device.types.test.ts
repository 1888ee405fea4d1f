// What must not compile, does not: checked by the compiler, which fails on a directive without an error.
import { describe, expectTypeOf, test } from 'vitest';
import type { DataKey, Reading } from '../events/index.ts';
import type { Awaitable, Axis, Camera, Device, Light, Locatable, Movable, PDevice, Readable, Status } from './index.ts';

/** Never called: only its type counts. */
declare const given: <T>() => T;

describe('types', () => {
  test('PDevice', () => {
    expectTypeOf<Device>().toExtend<PDevice>();
    expectTypeOf<PDevice['name']>().toEqualTypeOf<string>();
    expectTypeOf<ReturnType<PDevice['readConfiguration']>>().toEqualTypeOf<Awaitable<Record<string, Reading>>>();
    expectTypeOf<ReturnType<PDevice['describeConfiguration']>>().toEqualTypeOf<Awaitable<Record<string, DataKey>>>();
    const configuration = { readConfiguration: () => ({}), describeConfiguration: () => ({}) };
    // @ts-expect-error a name that is no text
    () => ({ ...configuration, name: 5, parent: null }) satisfies PDevice;
    // @ts-expect-error without what it is set to
    () => ({ name: 'a', parent: null, describeConfiguration: () => ({}) }) satisfies PDevice;
    // @ts-expect-error a device keeps its name
    (device: PDevice) => void (device.name = 'b');
  });

  test('Device', () => {
    expectTypeOf<ReturnType<Device['readConfiguration']>>().toEqualTypeOf<Awaitable<Record<string, Reading>>>();
    expectTypeOf<ReturnType<Device['describeConfiguration']>>().toEqualTypeOf<Awaitable<Record<string, DataKey>>>();
    // @ts-expect-error a device without configuration cannot be made
    () => new (given<typeof Device>())('a');
  });

  test('protocols', () => {
    expectTypeOf<ReturnType<Movable<number>['set']>>().toEqualTypeOf<Status>();
    // @ts-expect-error a text for a movable of numbers
    (axis: Movable<number>) => axis.set('10');
    // @ts-expect-error a reading without its time
    () => ({ read: () => ({ a: { value: 1 } }), describe: () => ({}) }) satisfies Readable;
    // @ts-expect-error a place without where it stands
    () => ({ locate: () => ({ setpoint: 1 }) }) satisfies Locatable;
  });

  test('roles', () => {
    expectTypeOf<Axis['units']>().toEqualTypeOf<'um' | 'deg'>();
    // @ts-expect-error a light has no volume
    (light: Light) => light.set({ volume: 11 });
    // @ts-expect-error an axis is no camera
    (axis: Axis): Camera => axis;
  });
});

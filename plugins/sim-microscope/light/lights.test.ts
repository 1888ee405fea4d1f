import { isLight, isShutter } from 'redsun/sdk/device';
import { expect, test } from 'vitest';
import { buildMicroscope } from '../testing/microscope.ts';

test('a laser is off at start, and its power is read back with a little noise', async () => {
  const { clock, laser488 } = buildMicroscope();
  expect(isLight(laser488)).toBe(true);
  expect([laser488.state.on, laser488.powerMw]).toEqual([false, 0]);
  laser488.set({ on: true, intensityPercent: 50 });
  const readings: number[] = [];
  for (let i = 0; i < 20; i++) {
    readings.push(laser488.powerMw);
    await clock.advance(100);
  }
  expect(new Set(readings).size).toBeGreaterThan(10);
  for (const mw of readings) expect(Math.abs(mw - 50)).toBeLessThan(0.5);
});

test('the same seed reads the same power back', () => {
  const power = () => {
    const { laser640 } = buildMicroscope();
    laser640.set({ on: true, intensityPercent: 30 });
    return laser640.powerMw;
  };
  expect(power()).toBe(power());
});

test('an intensity outside 0 to 100 % is refused and nothing changes', () => {
  const { lamp } = buildMicroscope();
  expect(() => lamp.set({ on: true, intensityPercent: 130 })).toThrow('lamp: 130 % is outside its limits 0 to 100 %');
  expect(lamp.state).toEqual({ on: false, intensityPercent: 20 });
});

test('turnOff() darkens and keeps the intensity', () => {
  const { lamp } = buildMicroscope();
  let changes = 0;
  lamp.changed.connect(() => changes++);
  lamp.set({ on: true, intensityPercent: 70 });
  lamp.turnOff();
  expect(lamp.state).toEqual({ on: false, intensityPercent: 70 });
  expect([lamp.emittedPowerMw, changes]).toEqual([0, 2]);
});

test('a shutter is open once it has moved', async () => {
  const { clock, shutter } = buildMicroscope();
  expect(isShutter(shutter)).toBe(true);
  const closing = shutter.set('closed');
  await clock.advance(7);
  expect([shutter.isOpen, closing.done]).toEqual([true, false]);
  await clock.advance(1);
  expect([shutter.isOpen, closing.success]).toEqual([false, true]);
});

test('closing a shutter twice is one move', async () => {
  const { clock, shutter } = buildMicroscope();
  const first = shutter.set('closed');
  const second = shutter.set('closed');
  await clock.advance(1000);
  expect([first.success, second.success, shutter.isOpen]).toEqual([true, true, false]);
});

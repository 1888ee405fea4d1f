// Every device of the bundle does what every device does.
import { deviceChecks, ManualClock } from 'redsun/sdk/testing';
import { describe, test } from 'vitest';
import * as sim from './index.ts';
import type { Surroundings } from './sim-device.ts';

const m1 = new sim.Motor('m1');
const DEVICES = {
  plain: (to) => new sim.Plain('plain', {}, to),
  det: (to) => new sim.Det('det', {}, to),
  peak: (to) => new sim.Peak('peak', { motor: 'm1' }, { ...to, devices: new Map([['m1', m1]]) }),
  'status-stage-det': (to) => new sim.StatusStageDet('sdet', {}, to),
  'pausable-det': (to) => new sim.PausableDet('pdet', {}, to),
  'no-rewind-det': (to) => new sim.NoRewindDet('ndet', {}, to),
  'stream-det': (to) => new sim.StreamDet('sd', {}, to),
  motor: (to) => new sim.Motor('m', {}, to),
  'motor that arrives when told': (to) => new sim.Motor('slow', { arrives: 'when_told' }, to),
  'loc-motor': (to) => new sim.LocMotor('lm', {}, to),
  'async-motor': (to) => new sim.AsyncMotor('am', {}, to),
  'limit-motor': (to) => new sim.LimitMotor('lim', {}, to),
  signal: (to) => new sim.Signal('sig', {}, to),
  'reading-signal': (to) => new sim.ReadingSignal('rsig', {}, to),
  flyer: (to) => new sim.Flyer('flyer', {}, to),
  'flat-flyer': (to) => new sim.FlatFlyer('fflyer', {}, to),
  'page-flyer': (to) => new sim.PageFlyer('pflyer', {}, to),
} as const satisfies Record<string, (surroundings: Surroundings) => object>;

describe.each(Object.entries(DEVICES))('%s', (_kind, build) => {
  const checks = deviceChecks({
    create() {
      const clock = new ManualClock();
      return { device: build({ clock }), clock };
    },
  });
  // Their data keys are those of the devices that runs of bluesky were recorded with, and some of those have no unit.
  for (const { title, run } of checks.filter(({ title }) => title !== 'gives numbers a unit')) test(title, run);
});

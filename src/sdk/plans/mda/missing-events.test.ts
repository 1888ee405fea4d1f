import { expect, test } from 'vitest';
import { expandSequence } from './expand.ts';
import { mdaRemainder, missingEvents } from './missing-events.ts';
import type { MdaSequence } from './sequence.ts';

const ORIGIN = { xUm: 0, yUm: 0, zUm: 0 };
const events = (sequence: MdaSequence) => [...expandSequence(sequence, ORIGIN)];
const before = (t: number) => (place: { readonly t: number }) => place.t < t;

test('exposures that are there are passed over, and counted', () => {
  const sequence: MdaSequence = { time_plan: { interval: 0, loops: 5 }, z_plan: { range: 2, step: 1 } };
  const left = [...missingEvents(events(sequence), before(3))];
  expect(left.map(({ place }) => [place.t, place.z])).toEqual([3, 4].flatMap((t) => [0, 1, 2].map((z) => [t, z])));
  expect(mdaRemainder(sequence, ORIGIN, before(3))).toEqual({ missing: 6, before: 9 });
});

test('the first missing exposure comes at once, the others keep their intervals', () => {
  const left = [...missingEvents(events({ time_plan: { interval: 60, loops: 6 } }), before(3))];
  expect(left.map(({ minStartS }) => minStartS)).toEqual([0, 60, 120]);
});

test('a position whose stack was broken off is focused again, and its properties are set again', () => {
  const sequence = {
    stage_positions: [
      { x: 0, y: 0, properties: [['wheel', 'position', 1]] },
      { x: 9, y: 0 },
    ],
    z_plan: { range: 2, step: 1 },
    autofocus_plan: { autofocus_motor_offset: 5, axes: ['p'] },
  } as unknown as MdaSequence;
  const done = ({ p, z }: { readonly p: number; readonly z: number }) => p === 0 && z < 2;
  const left = [...missingEvents(events(sequence), done)];
  expect(left.map(({ action, place }) => [action.type, place.p, place.z])).toEqual([
    ['hardware_autofocus', 0, expect.any(Number)],
    ['acquire_image', 0, 2],
    ['hardware_autofocus', 1, expect.any(Number)],
    ['acquire_image', 1, 0],
    ['acquire_image', 1, 1],
    ['acquire_image', 1, 2],
  ]);
  expect(left.map(({ properties }) => properties.length)).toEqual([1, 0, 0, 0, 0, 0]);
});

test('frames in the middle that are lost are taken again', () => {
  const sequence: MdaSequence = { time_plan: { interval: 0, loops: 5 } };
  const lost = ({ t }: { readonly t: number }) => t !== 2 && t !== 4;
  expect([...missingEvents(events(sequence), lost)].map(({ place }) => place.t)).toEqual([2, 4]);
  expect(mdaRemainder(sequence, ORIGIN, lost)).toEqual({ missing: 2, before: 2 });
});

import { expect, test } from 'vitest';
import type { AxisState } from '../../src/shared/channels/positioner.ts';
import { QUICK_SESSION, testHost } from './test-host.ts';

test('the session says which way the stage goes against the picture; focus goes its own way', async () => {
  const host = await testHost(`${QUICK_SESSION}\nstage_direction: {x: -1}\n`);
  const retained = host.server.retained('positioner', 'changed')?.value as { axes: AxisState[] };
  expect(retained.axes.map(({ kind, imageDirection }) => [kind, imageDirection])).toEqual([
    ['x', -1],
    ['y', 1],
    ['z', 1],
  ]);
});

test('where the camera is turned by a quarter, y of the stage moves the picture to the sides', async () => {
  const host = await testHost(`${QUICK_SESSION}\nstage_direction: {y: -1, swapped: true}\n`);
  const retained = host.server.retained('positioner', 'changed')?.value as { axes: AxisState[] };
  expect(retained.axes.map(({ kind, imageAxis, imageDirection }) => [kind, imageAxis, imageDirection])).toEqual([
    ['x', 'y', 1],
    ['y', 'x', -1],
    ['z', null, 1],
  ]);
});

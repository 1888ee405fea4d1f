import { expect, test } from 'vitest';
import { FakeAxis, FakeDetector } from '../testing/fake-devices.ts';
import { recordingEngine } from '../testing/recording-engine.ts';
import { gridScan, rasterPath, scan, summarizePlan, summaryWrapper } from './index.ts';

const [det, x, y] = [new FakeDetector('det'), new FakeAxis('x'), new FakeAxis('y')];

test('a summary while the plan runs has the lines of the one before', async () => {
  const plan = () => scan([det], [{ axis: x, start: 0, stop: 1 }], 2);
  const lines: string[] = [];
  const { engine, clock } = recordingEngine();
  await clock.run(engine.run(summaryWrapper(plan(), (line) => lines.push(line))));
  expect(lines).toEqual(summarizePlan(plan()));
  expect(lines).toContain('x -> 1');
});

test('the path of a snaking raster turns round at each end', () => {
  const axes = [
    { axis: y, start: 0, stop: 1, num: 2 },
    { axis: x, start: 0, stop: 2, num: 3 },
  ];
  expect(rasterPath(gridScan([det], axes, { snakeAxes: true }), x, y)).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [2, 1],
    [1, 1],
    [0, 1],
  ]);
});

import type { PDevice } from 'redsun/sdk/device';
import { msg, type Plan } from 'redsun/sdk/engine';
import { FakeAxis, FakeCamera, recordingEngine } from 'redsun/sdk/testing';
import { expect, test } from 'vitest';
import { FrameContextSource } from './frame-context.ts';

function source() {
  const { engine } = recordingEngine();
  const devices = [new FakeCamera('one'), new FakeCamera('two'), new FakeAxis('z'), new FakeAxis('x')].map(
    (device): [string, PDevice] => [device.name, device],
  );
  const frames = new FrameContextSource(engine, new Map(devices));
  const place = (kwargs: Record<string, unknown>) =>
    engine.run(
      (function* (): Plan<void> {
        yield msg('frame_place', null, [], kwargs);
      })(),
    );
  const contextOf = (camera: string) => {
    const { index, asked } = frames.contextOf(camera);
    return [index?.z, asked.z];
  };
  return { place, contextOf, read: () => frames.contextOf('one').read };
}

test('every frame after a place is there, until the next place', async () => {
  const { place, contextOf } = source();
  await place({ index: { z: 1 }, asked: { z: 10 } });
  expect([contextOf('one'), contextOf('two')]).toEqual([
    [1, 10],
    [1, 10],
  ]);
});

test('frames of a burst take its places in turn, each camera by itself, and again from the first when it is repeated', async () => {
  const { place, contextOf } = source();
  const burst = [0, 1].map((z) => ({ index: { z }, asked: { z: 10 * z } }));
  await place({ burst });
  expect(['one', 'one', 'two', 'two'].map(contextOf)).toEqual([
    [0, 0],
    [1, 10],
    [0, 0],
    [1, 10],
  ]);
  await place({ burst });
  expect(contextOf('one')).toEqual([0, 0]);
  await place({ index: { z: 5 }, asked: { z: 50 } });
  expect(contextOf('one')).toEqual([5, 50]);
});

test('an axis that goes on by itself in a burst is not said to have been read', async () => {
  const { place, read } = source();
  await place({ burst: [0, 1].map((z) => ({ index: { z }, asked: { z: 10 * z, x: 0 } })) });
  expect(read()).toEqual({ z: null, x: 0 });
  await place({ index: { z: 5 }, asked: { z: 50 } });
  expect(read()).toEqual({ z: 0, x: 0 });
});

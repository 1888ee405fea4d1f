import { isCamera } from 'redsun/sdk/device';
import { MemoryWriter } from 'redsun/sdk/testing';
import { describe, expect, test } from 'vitest';
import { buildCamera } from '../testing/microscope.ts';

describe('an acquisition with the simulated camera', () => {
  test('it is a camera by its members', () => {
    expect(isCamera(buildCamera().camera)).toBe(true);
  });

  test.each([
    [16, 'uint16', 65_535],
    [12, 'uint16', 4095],
    [8, 'uint8', 255],
  ] as const)(
    'ramp mode: every pixel of %s bits is known, and live frames are not counted',
    async (bitDepth, dtype, mask) => {
      const { camera, clock } = buildCamera({ mode: 'ramp', bit_depth: bitDepth, exposure_ms: 1 });
      const writer = new MemoryWriter();
      camera.storage = writer;
      const live = new AbortController();
      const running = camera.live(live.signal);
      await clock.advance(100);
      live.abort();
      await running;
      await camera.stage();
      expect(camera.prepare({ frames: 3 }).success).toBe(true);
      for (let i = 0; i < 3; i++) await clock.run(camera.trigger().wait());
      await camera.unstage();
      expect(camera.dtype).toBe(dtype);
      expect(writer.frames.length).toBe(3);
      for (const [i, { pixels }] of writer.frames.entries()) {
        const wrong = pixels.findIndex((value, at) => {
          const [y, x] = [Math.floor(at / 512), at % 512];
          return value !== (((31 * i + 7 * y + 3 * x) % 65521) & mask);
        });
        expect(wrong, `frame ${i}`).toBe(-1);
      }
      expect(writer.calls).toEqual(['open', 'finalize']);
    },
  );

  test('a trigger is done when its frame can be read, and documents never run ahead', async () => {
    const { camera, clock } = buildCamera({ mode: 'ramp' });
    const writer = new MemoryWriter({ held: true });
    camera.storage = writer;
    await camera.stage();
    const status = camera.trigger();
    await clock.advance(1000);
    expect(writer.frames.length).toBe(1);
    expect(status.done).toBe(false);
    expect([...camera.collectAssetDocs()]).toEqual([]);
    writer.acknowledge();
    await status.wait();
    const names = [...camera.collectAssetDocs(1)].map(({ name }) => name);
    expect(names).toEqual(['stream_resource', 'stream_datum']);
    expect(camera.getIndex()).toBe(1);
    await camera.unstage();
  });

  test('exposure and readout take their time', async () => {
    const { camera, clock } = buildCamera({ mode: 'ramp', exposure_ms: 200, readout_ms: 5 });
    await camera.stage();
    const status = camera.trigger();
    await clock.advance(204);
    expect(status.done).toBe(false);
    await clock.advance(1);
    expect(status.success).toBe(true);
  });

  test('a burst takes as many frames as were prepared, without waiting for each', async () => {
    const { camera, clock } = buildCamera({ mode: 'ramp', exposure_ms: 10, readout_ms: 5 });
    const writer = new MemoryWriter({ held: true });
    camera.storage = writer;
    await camera.stage();
    camera.prepare({ frames: 4 });
    await camera.kickoff().wait();
    const done = camera.complete();
    await clock.advance(65);
    expect(writer.frames.length).toBe(4);
    expect(done.done).toBe(false);
    writer.acknowledge();
    await done.wait();
    await camera.unstage();
  });

  test('stop() ends an exposure at once: done, or failed in an emergency', async () => {
    const { camera, clock } = buildCamera({ mode: 'ramp', exposure_ms: 60_000 });
    await camera.stage();
    const calm = camera.trigger();
    await clock.advance(10);
    camera.stop({ success: true });
    expect(calm.success).toBe(true);
    const urgent = camera.trigger();
    await clock.advance(10);
    camera.stop({ success: false });
    expect(urgent.done).toBe(true);
    await expect(urgent.wait()).rejects.toMatchObject({ code: 'device/stopped' });
    await clock.advance(120_000);
    expect(clock.pending).toBe(0);
  });

  test('live shows frames until its signal aborts, and stores none', async () => {
    const { camera, clock } = buildCamera({ mode: 'ramp', exposure_ms: 15, readout_ms: 5 });
    const writer = new MemoryWriter();
    camera.storage = writer;
    const indices: number[] = [];
    camera.onFrame((frame) => indices.push(frame.index));
    const stop = new AbortController();
    const live = camera.live(stop.signal);
    await clock.advance(100);
    expect(() => camera.stop).not.toThrow();
    await expect(camera.snap(new AbortController().signal)).rejects.toMatchObject({ code: 'device/busy' });
    stop.abort();
    await live;
    expect(indices).toEqual([0, 1, 2, 3, 4]);
    expect(writer.frames).toEqual([]);
  });

  test('settings: limits are named, and the format of frames stays while staged', async () => {
    const { camera } = buildCamera();
    await expect(camera.applySettings({ exposureMs: 0 })).rejects.toThrow(
      'camera: an exposure of 0 ms is outside its limits 0.01 to 60000 ms',
    );
    await expect(camera.applySettings({ binning: 3 })).rejects.toMatchObject({ code: 'device/limit' });
    await expect(camera.configure({ exposure: 3 })).rejects.toThrow('camera: no setting "exposure".');
    const [before, after] = await camera.configure({ exposure_ms: 20, binning: 2 });
    expect([before['camera-exposure_ms']?.value, after['camera-exposure_ms']?.value]).toEqual([10, 20]);
    expect(camera.frameShape).toEqual([256, 256]);
    await camera.stage();
    await camera.configure({ exposure_ms: 30 });
    await expect(camera.configure({ binning: 1 })).rejects.toMatchObject({ code: 'device/staged' });
    expect(camera.settings.binning).toBe(2);
  });

  test('describes the array of the store and the mean of its pixels', async () => {
    const { camera, clock } = buildCamera({ mode: 'ramp' });
    expect(Object.keys(camera.describe())).toEqual(['camera_mean']);
    camera.storage = new MemoryWriter();
    await camera.stage();
    await clock.run(camera.trigger().wait());
    expect(camera.describe()['camera:buffer:stream']).toMatchObject({
      shape: [1, 512, 512],
      dtype: 'array',
      dtype_numpy: '<u2',
      external: 'STREAM:',
    });
    expect(Object.keys(camera.read())).toEqual(['camera_mean']);
    expect(camera.read().camera_mean?.value).toBeCloseTo(511 * 5, 0);
  });

  test('a store that fails makes the trigger fail, with the reason', async () => {
    const { camera, clock } = buildCamera({ mode: 'ramp' });
    class BrokenWriter extends MemoryWriter {
      protected override openStore(): void {
        throw Object.assign(new Error('disk full'), { code: 'store/write-failed' });
      }
    }
    camera.storage = new BrokenWriter();
    await camera.stage();
    await expect(clock.run(camera.trigger().wait())).rejects.toThrow('disk full');
    await camera.unstage();
  });
});

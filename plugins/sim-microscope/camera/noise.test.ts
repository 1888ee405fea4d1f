import { describe, expect, test } from 'vitest';
import { meanOf } from '../testing/measure.ts';
import { buildCamera, buildMicroscope, takePicture } from '../testing/microscope.ts';

describe('noise of the simulated camera', () => {
  test('the slope of variance over mean is the gain, within 5 %', async () => {
    const { camera, clock } = buildCamera({ exposure_ms: 2 });
    await camera.applySettings({ region: { x: 0, y: 0, width: 128, height: 128 } });
    const points: [mean: number, variance: number][] = [];
    for (const exposureMs of [0.02, 0.1, 0.5, 2, 5]) {
      await camera.applySettings({ exposureMs });
      const stack: Float64Array[] = [];
      for (let i = 0; i < 30; i++) stack.push((await takePicture(camera, clock)).pixels);
      const perPixel = Array.from({ length: 128 * 128 }, (_, at) => {
        const values = stack.map((pixels) => pixels[at]!);
        const mean = meanOf(values);
        return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)] as const;
      });
      points.push([meanOf(perPixel.map(([mean]) => mean)), meanOf(perPixel.map(([, variance]) => variance))]);
    }
    const [meanX, meanY] = [meanOf(points.map(([x]) => x)), meanOf(points.map(([, y]) => y))];
    const slope =
      points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) /
      points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
    const { value } = camera.readConfiguration()['camera-counts_per_electron']!;
    console.info(`gain: ${slope.toFixed(4)} counts per electron measured, ${value} set`);
    expect(Math.abs(slope / Number(value) - 1)).toBeLessThan(0.05);
  });

  test('dark frames have the offset as mean and the read noise as deviation', async () => {
    const { picture } = buildMicroscope();
    const { pixels } = await picture();
    const mean = meanOf(pixels);
    const deviation = Math.sqrt(meanOf(pixels.map((value) => (value - mean) ** 2)));
    expect(mean).toBeCloseTo(100, 0);
    // 1.6 electrons at 2 counts per electron, and the rounding to whole counts.
    expect(deviation).toBeCloseTo(Math.hypot(3.2, Math.sqrt(1 / 12)), 0);
  });

  test('counts end at the full well, at the bit depth, and grow with exposure before', async () => {
    const { camera, clock } = buildCamera({ exposure_ms: 1 });
    const brightest = async (settings: Parameters<typeof camera.applySettings>[0]) => {
      await camera.applySettings(settings);
      return Math.max(...(await takePicture(camera, clock)).pixels.subarray(0, 10_000));
    };
    expect(await brightest({ exposureMs: 5000 })).toBe(30_000 * 2 + 100);
    expect(await brightest({ gain: 2 })).toBe(65_535);
    expect(await brightest({ bitDepth: 12 })).toBe(4095);
    expect(await brightest({ bitDepth: 8, gain: 2 })).toBe(255);
    const mean = async (exposureMs: number) => {
      await camera.applySettings({ exposureMs, bitDepth: 16, gain: 1 });
      return meanOf((await takePicture(camera, clock)).pixels) - 100;
    };
    expect((await mean(4)) / (await mean(2))).toBeCloseTo(2, 1);
  });

  test('the same seed makes the same pictures, another seed other ones', async () => {
    const series = async (seed: number) => {
      const { camera, clock } = buildCamera({ seed });
      return [await takePicture(camera, clock), await takePicture(camera, clock)];
    };
    const [first, again, other] = [await series(5), await series(5), await series(6)];
    expect(again).toEqual(first);
    expect(first[1]).not.toEqual(first[0]);
    expect(other[0]).not.toEqual(first[0]);
  });
});

import { describe, expect, test } from 'vitest';
import { bestShift, correlation, meanWithin, sharpness } from '../testing/measure.ts';
import { buildMicroscope } from '../testing/microscope.ts';

const OFFSET_COUNTS = 100;

describe('what the simulated camera sees', () => {
  test.each([
    ['10x/0.3', 50, 0],
    ['20x/0.75', 0, 50],
    ['20x/0.75', 17.3, -23.9],
  ])('%s: the picture moves by the distance that the stage moves (%s, %s um)', async (objective, dxUm, dyUm) => {
    const { camera, clock, laser488, picture, turret, xy } = buildMicroscope();
    await clock.run(turret.set(objective).wait());
    laser488.set({ on: true });
    const before = await picture();
    await clock.run(xy.set([dxUm, dyUm]).wait());
    const after = await picture();
    const magnification = Number.parseFloat(objective);
    const expected = [dxUm, dyUm].map((um) => (um * magnification) / camera.sensor.pixelSizeUm) as [number, number];
    const [dx, dy] = bestShift(before, after, [Math.round(expected[0]), Math.round(expected[1])], 6);
    expect(Math.abs(dx - expected[0])).toBeLessThanOrEqual(1);
    expect(Math.abs(dy - expected[1])).toBeLessThanOrEqual(1);
  });

  test('a region shows that part of the whole picture', async () => {
    const { camera, laser488, picture } = buildMicroscope();
    laser488.set({ on: true, intensityPercent: 60 });
    const whole = await picture();
    await camera.applySettings({ region: { x: 100, y: 60, width: 256, height: 200 } });
    const part = await picture();
    expect([part.widthPx, part.heightPx]).toEqual([256, 200]);
    const cut = { widthPx: 256, heightPx: 200, pixels: new Float64Array(256 * 200) };
    for (let y = 0; y < 200; y++) {
      for (let x = 0; x < 256; x++) cut.pixels[y * 256 + x] = whole.pixels[(y + 60) * 512 + x + 100]!;
    }
    expect(correlation(cut, part)).toBeGreaterThan(0.95);
  });

  test('is sharpest where the specimen is in focus', async () => {
    const { clock, laser488, picture, z } = buildMicroscope({ specimen_z_um: 7, bleach_dose_mw_s: 0 });
    laser488.set({ on: true, intensityPercent: 60 });
    const scores: [zUm: number, score: number][] = [];
    for (let zUm = -14; zUm <= 28; zUm += 3) {
      await clock.run(z.set(zUm).wait());
      scores.push([zUm, sharpness(await picture())]);
    }
    const best = scores.reduce((a, b) => (b[1] > a[1] ? b : a));
    console.info(`sharpness: ${scores.map(([zUm, score]) => `${zUm} um ${score.toFixed(3)}`).join(', ')}`);
    expect(best[0]).toBe(7);
    // Further away what is left is noise.
    const near = scores.filter(([zUm]) => Math.abs(zUm - 7) <= 12);
    for (let i = 1; i < near.length; i++) {
      const [before, after] = [near[i - 1]!, near[i]!];
      const rising = after[0] <= 7;
      expect(after[1] > before[1], `from ${before} to ${after}`).toBe(rising);
    }
  });

  test('other lights show other structures', async () => {
    const { clock, lamp, laser488, laser640, picture, wheel } = buildMicroscope({ bleach_dose_mw_s: 0 });
    const seen = async (cube: string, light: typeof lamp) => {
      await clock.run(wheel.set(cube).wait());
      light.set({ on: true });
      const taken = await picture();
      light.turnOff();
      return taken;
    };
    const shown = {
      nuclei: await seen('DAPI', lamp),
      fibres: await seen('FITC', laser488),
      puncta: await seen('Cy5', laser640),
      transmission: await seen('Brightfield', lamp),
    };
    const names = Object.keys(shown) as (keyof typeof shown)[];
    for (const a of names) {
      for (const b of names.filter((other) => other > a)) {
        const likeness = correlation(shown[a], shown[b]);
        console.info(`likeness of ${a} and ${b}: ${likeness.toFixed(2)}`);
        expect(Math.abs(likeness), `${a} and ${b}`).toBeLessThan(0.7);
      }
      expect(meanWithin(shown[a], 0, 0, 512, 512), a).toBeGreaterThan(1.3 * OFFSET_COUNTS);
    }
  });

  test('is dark behind a closed shutter, and behind the cube of another dye', async () => {
    const { clock, laser488, picture, shutter, wheel } = buildMicroscope();
    laser488.set({ on: true });
    const bright = meanWithin(await picture(), 0, 0, 512, 512) - OFFSET_COUNTS;
    await clock.run(wheel.set('Cy5').wait());
    const leak = meanWithin(await picture(), 0, 0, 512, 512) - OFFSET_COUNTS;
    await clock.run(shutter.set('closed').wait());
    const dark = meanWithin(await picture(), 0, 0, 512, 512) - OFFSET_COUNTS;
    expect(leak).toBeLessThan(0.02 * bright);
    expect(Math.abs(dark)).toBeLessThan(0.5);
  });

  test('backlash of the stage shows in the picture, not in its read-back', async () => {
    const { clock, laser488, picture, turret, xy } = buildMicroscope({ bleach_dose_mw_s: 0 }, { backlash_um: 6 });
    await clock.run(turret.set('20x/0.75').wait());
    laser488.set({ on: true });
    const arrive = async (xUm: number) => clock.run(xy.set([xUm, 0]).wait());
    await arrive(-50);
    await arrive(0);
    const fromBelow = await picture();
    await arrive(50);
    await arrive(0);
    const fromAbove = await picture();
    expect(xy.x.position).toBe(0);
    expect(bestShift(fromBelow, fromAbove, [18, 0], 8)[0]).toBe(Math.round(6 / 0.325));
  });

  test('bleaches where light falls, and nowhere else', async () => {
    const { clock, laser488, picture, shutter, xy } = buildMicroscope({ bleach_dose_mw_s: 10 });
    laser488.set({ on: true });
    const before = await picture();
    await clock.advance(500);
    const after = await picture();
    await clock.run(shutter.set('closed').wait());
    await clock.run(xy.set([200, 0]).wait());
    await clock.advance(10_000);
    await clock.run(shutter.set('open').wait());
    const aside = await picture();
    const signal = (taken: typeof before, x: number, width: number) =>
      meanWithin(taken, x, 0, width, 512) - OFFSET_COUNTS;
    // 20 mW for 0.5 s is 10 mW s: 1/e is left.
    expect(signal(after, 0, 512) / signal(before, 0, 512)).toBeCloseTo(Math.exp(-1), 1);
    // 200 um are 307 pixels: the left 205 columns were lit before, the right ones were not.
    const seenAgain = signal(aside, 0, 180) / signal(before, 307, 180);
    expect(seenAgain).toBeLessThan(0.45);
    laser488.turnOff();
    const untouched = buildMicroscope({ bleach_dose_mw_s: 0 });
    untouched.laser488.set({ on: true });
    await untouched.clock.run(untouched.xy.set([200, 0]).wait());
    const reference = await untouched.picture();
    expect(signal(aside, 230, 280) / signal(reference, 230, 280)).toBeGreaterThan(0.95);
  });

  test('a name that no device has is refused with the nearest one', async () => {
    const { camera, clock } = buildMicroscope({ z: 'zz', lights: ['laser48'] });
    await expect(clock.run(camera.snap(new AbortController().signal))).rejects.toThrow(
      'camera: option "z" names "zz", and there is no such device. Did you mean "z"?',
    );
  });
});

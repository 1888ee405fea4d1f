import { isAxis, isObjectiveTurret, isSelector, isXYStage } from 'redsun/sdk/device';
import { createTestContext, ManualClock } from 'redsun/sdk/testing';
import { describe, expect, test } from 'vitest';
import { buildMicroscope } from '../testing/microscope.ts';
import { SimZStage } from './z-stage.ts';

describe('simulated stages', () => {
  test('are what they claim to be', () => {
    const { turret, wheel, xy, z } = buildMicroscope();
    expect([isXYStage(xy), isAxis(xy.x), isAxis(z), isSelector(wheel), isObjectiveTurret(turret)]).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect([xy.x.name, xy.x.parent]).toEqual(['xy-x', xy]);
  });

  test('a move takes distance over velocity plus the settle time, read back on the way', async () => {
    const { clock, z } = buildMicroscope();
    const seen: number[] = [];
    z.changed.connect(() => seen.push(z.position));
    const status = z.set(100);
    await clock.advance(100);
    expect(z.position).toBeCloseTo(50);
    expect(z.moving).toBe(true);
    await clock.advance(119);
    expect(status.done).toBe(false);
    await clock.advance(1);
    expect(status.success).toBe(true);
    expect(seen.map((um) => Math.round(um))).toEqual([0, 25, 50, 75, 100, 100]);
    expect(z.read()).toMatchObject({ z: { value: 100 }, z_setpoint: { value: 100 } });
    expect(clock.pending).toBe(0);
  });

  test('a target outside the limits is refused with both numbers, and nothing moves', () => {
    const { xy, z } = buildMicroscope();
    expect(() => z.set(1500)).toThrow('z: 1500 um is outside its limits -1000 to 1000 um');
    expect(() => xy.set([10, 4000])).toThrow('xy-y: 4000 um is outside its limits -3000 to 3000 um');
    expect(() => z.set(Number.NaN)).toThrow('z: a target must be a finite number of um, not NaN');
    expect([z.moving, xy.x.moving]).toEqual([false, false]);
  });

  test('stop() halts both axes where they are', async () => {
    const { clock, xy } = buildMicroscope();
    const status = xy.set([1000, -500]);
    await clock.advance(100);
    xy.stop();
    await status.wait();
    expect([xy.x.position, xy.y.position]).toEqual([200, -200]);
    await clock.advance(1000);
    expect(xy.locate()).toEqual({ setpoint: [1000, -500], readback: [200, -200] });
  });

  test('an emergency stop fails the move', async () => {
    const { clock, z } = buildMicroscope();
    const status = z.set(100);
    await clock.advance(50);
    z.stop({ success: false });
    await expect(status.wait()).rejects.toThrow('z: stopped at 25.000 um on the way to 100 um');
  });

  test('a new target takes over from where it is, and the old move fails', async () => {
    const { clock, z } = buildMicroscope();
    const first = z.set(100);
    await clock.advance(100);
    const second = z.set(0);
    await expect(first.wait()).rejects.toMatchObject({ code: 'device/superseded' });
    await clock.advance(50);
    expect(z.position).toBeCloseTo(25);
    await clock.run(second.wait());
    expect(z.position).toBe(0);
  });

  test('backlash: the table lags behind the encoder by half of it in each direction', async () => {
    const { clock, xy } = buildMicroscope({}, { backlash_um: 6 });
    await clock.run(xy.x.set(20).wait());
    expect([xy.x.position, xy.x.truePositionUm]).toEqual([20, 17]);
    await clock.run(xy.x.set(18).wait());
    expect([xy.x.position, xy.x.truePositionUm]).toEqual([18, 17]);
    await clock.run(xy.x.set(0).wait());
    expect([xy.x.position, xy.x.truePositionUm]).toEqual([0, 3]);
  });

  test('a wheel turns the short way and refuses labels that it does not have', async () => {
    const { clock, wheel } = buildMicroscope();
    await clock.run(wheel.set('DAPI').wait());
    const started = clock.monotonicMs();
    const status = wheel.set('Brightfield');
    expect([wheel.moving, wheel.selected]).toEqual([true, 'DAPI']);
    await clock.run(status.wait());
    expect(clock.monotonicMs() - started).toBe(60);
    expect(wheel.selected).toBe('Brightfield');
    expect(() => wheel.set('FITZ')).toThrow('Did you mean "FITC"?');
  });

  test('a turret tells what is in place', async () => {
    const { clock, turret } = buildMicroscope();
    await clock.run(turret.set('40x/0.95').wait());
    expect(turret.readConfiguration()).toMatchObject({
      'turret-magnification': { value: 40 },
      'turret-numerical_aperture': { value: 0.95 },
    });
  });

  test('subscribers hear of each change until they leave', async () => {
    const { clock, z } = buildMicroscope();
    const values: unknown[] = [];
    const listener = (readings: Awaited<ReturnType<typeof z.read>>) => values.push(readings.z?.value);
    z.subscribe(listener);
    await clock.run(z.set(10).wait());
    z.clearSub(listener);
    await clock.run(z.set(0).wait());
    expect(values[0]).toBe(0);
    expect(values.at(-1)).toBe(10);
  });
});

test('a line that is slower than the moves fails none of them', async () => {
  const clock = new ManualClock();
  const answers: string[] = [];
  let held = '0';
  const link = {
    ...{ description: 'slow', protect: async () => {}, recentExchanges: async () => [], close: async () => {} },
    ...{
      exchange: async () => new Uint8Array(),
      send: async () => {},
      onUnsolicited: () => ({ [Symbol.dispose]() {} }),
    },
    async query(line: string) {
      await clock.sleep(30);
      answers.push(line);
      if (line.endsWith('?')) return held;
      held = line.split(' ')[1] ?? '';
      return 'OK';
    },
  };
  const context = createTestContext({ clock, openLink: async () => link });
  const z = new SimZStage('z', SimZStage.options.parse({ settle_ms: 0 }), context);
  await z.connect();
  await clock.run(z.set(1).wait());
  // Asked while the first move is still being told of.
  await clock.advance(40);
  await clock.run(z.set(100).wait());
  expect(z.position).toBe(100);
  await clock.advance(2000);
  expect([held, answers.length]).toEqual(['0', 8]);
});

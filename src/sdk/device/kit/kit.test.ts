import type { CameraLimits, CameraSettings, LightState } from 'redsun/sdk/device';
import {
  type Acquire,
  type CameraLogic,
  type ReadFrame,
  StandardAxis,
  StandardCamera,
  StandardLight,
  StandardSelector,
  StandardShutter,
} from 'redsun/sdk/device/kit';
import { createTestContext, ManualClock } from 'redsun/sdk/testing';
import { expect, test } from 'vitest';

const clockAndContext = () => {
  const clock = new ManualClock();
  return { clock, context: createTestContext({ clock }) };
};

test('a laser that was told to go dark while it was being switched on stays dark', async () => {
  const { clock, context } = clockAndContext();
  let shines = false;
  class TwoStepLaser extends StandardLight {
    protected get source() {
      return 'test';
    }
    // Sets the power, waits for its answer, then opens the emission: as most lasers are told.
    protected async apply({ on }: Partial<LightState>): Promise<void> {
      if (on === true) await clock.sleep(20);
      await clock.sleep(5);
      if (on !== undefined) shines = on;
    }
  }
  const laser = new TwoStepLaser('laser', { wavelengthNm: 488 }, context);
  const on = laser.set({ on: true, intensityPercent: 50 });
  on.exception().catch(() => {});
  await clock.advance(10);
  const dark = laser.turnOff();
  await clock.advance(1000);
  await dark;
  expect({ shines, told: laser.state.on }).toEqual({ shines: false, told: false });
});

test('a light whose answer never comes fails within a deadline', async () => {
  const { clock, context } = clockAndContext();
  class Mute extends StandardLight {
    protected get source() {
      return 'test';
    }
    protected apply(): Promise<void> {
      return new Promise(() => {});
    }
  }
  const status = new Mute('mute', { wavelengthNm: null }, context).set({ on: true });
  await clock.advance(3_600_000);
  expect(status.done).toBe(true);
});

test('turnOff fails where the light says that it still shines', async () => {
  const { context } = clockAndContext();
  const shines = true;
  class Deaf extends StandardLight {
    protected get source() {
      return 'test';
    }
    override get powerMw() {
      return shines ? 12 : 0;
    }
    protected apply(): void {} // It took the command, and shines on.
  }
  const light = new Deaf('deaf', { wavelengthNm: null }, context);
  await expect(light.turnOff()).rejects.toThrow();
});

test('a shutter whose opening failed half-way is told to close', async () => {
  const { clock, context } = clockAndContext();
  const told: string[] = [];
  class Sticky extends StandardShutter {
    protected get source() {
      return 'test';
    }
    protected async move(wanted: 'open' | 'closed') {
      told.push(wanted);
      await clock.sleep(5);
      if (wanted === 'open') throw new Error('no answer');
    }
  }
  const shutter = new Sticky('shutter', {}, context);
  const opening = shutter.set('open');
  await clock.advance(10);
  expect(opening.error?.message).toBe('no answer');
  shutter.set('closed');
  await clock.advance(10);
  expect(told).toEqual(['open', 'closed']);
});

test('a wheel whose turn failed half-way is turned back when it is asked to', async () => {
  const { clock, context } = clockAndContext();
  const told: string[] = [];
  class Wheel extends StandardSelector {
    readonly role = 'selector';
    protected get source() {
      return 'test';
    }
    protected async turnTo(label: string) {
      told.push(label);
      await clock.sleep(5);
      if (label === 'B') throw new Error('jammed');
    }
  }
  const wheel = new Wheel('wheel', { labels: ['A', 'B'] }, context);
  wheel.set('B').exception();
  await clock.advance(10);
  wheel.set('A');
  await clock.advance(10);
  expect(told).toEqual(['B', 'A']);
});

test('an axis that halts in its own time is not halted in the move that comes after', async () => {
  const { clock, context } = clockAndContext();
  const log: string[] = [];
  class Serial extends StandardAxis {
    protected get source() {
      return 'test';
    }
    get position() {
      return 0;
    }
    protected async moveTo(target: number, signal: AbortSignal) {
      log.push(`go ${target}`);
      try {
        await clock.sleep(100, signal);
        log.push(`there ${target}`);
      } catch (thrown) {
        log.push('halt');
        throw thrown;
      }
    }
    protected halt() {}
    protected readBack() {
      return 0;
    }
  }
  const axis = new Serial('z', { limits: { low: 0, high: 100 }, tolerance: 1 }, context);
  axis.set(10).exception();
  await clock.advance(10);
  axis.set(20);
  await clock.advance(1000);
  expect(log).toEqual(['go 10', 'halt', 'go 20', 'there 20']);
});

test('an axis that ends far from its target says so', async () => {
  const { clock, context } = clockAndContext();
  class Slipping extends StandardAxis {
    protected get source() {
      return 'test';
    }
    get position() {
      return 3;
    }
    protected moveTo() {}
    protected halt() {}
    protected readBack() {
      return 3;
    }
  }
  const axis = new Slipping('z', { limits: { low: 0, high: 100 }, tolerance: 1 }, context);
  const status = axis.set(50);
  await clock.advance(10);
  expect(status.error?.message ?? 'success').toContain('3');
});

const LIMITS: CameraLimits = {
  exposureMs: { low: 1, high: 1000 },
  gain: { low: 1, high: 8 },
  binnings: [1],
  bitDepths: [16],
};
function cameraWith(logic: Partial<CameraLogic>) {
  const { clock, context } = clockAndContext();
  class Camera extends StandardCamera {
    protected get source() {
      return 'test';
    }
  }
  const sensor = { widthPx: 32, heightPx: 32, pixelSizeUm: 1, model: 'm', serial: 's' };
  const frame = (): ReadFrame => ({ data: new Uint16Array(32 * 32), time: 0 });
  async function* frames({ frames }: Acquire, signal: AbortSignal) {
    for (let at = 0; at < frames; at++) {
      await clock.sleep(10, signal);
      yield frame();
    }
  }
  return { clock, frame, camera: new Camera('camera', { sensor, limits: LIMITS, frames, ...logic }, context) };
}

test('two settings that are changed at once both stand', async () => {
  const made = cameraWith({
    apply: async (wanted: CameraSettings) => {
      await Promise.resolve();
      return wanted;
    },
  });
  await Promise.all([made.camera.applySettings({ exposureMs: 50 }), made.camera.applySettings({ gain: 4 })]);
  expect(made.camera.settings).toMatchObject({ exposureMs: 50, gain: 4 });
});

test('a region that is still being set when the run begins does not change the frames of the run', async () => {
  const made = cameraWith({
    apply: async (wanted) => {
      await made.clock.sleep(5);
      return wanted;
    },
  });
  const applied = made.camera.applySettings({ region: { x: 0, y: 0, width: 16, height: 16 } });
  applied.catch(() => {});
  const staged = made.camera.stage();
  await made.clock.advance(10);
  await staged;
  const declared = made.camera.describeCollect()['camera:buffer:stream']?.shape;
  expect(declared).toEqual([1, 16, 16]);
  await made.clock.advance(100);
  expect([1, ...made.camera.frameShape]).toEqual(declared);
});

test('what a camera says that it is set to was asked of it, not assumed', async () => {
  let applied = 0;
  const made = cameraWith({
    apply: (wanted) => {
      applied++;
      return wanted;
    },
  });
  await made.camera.stage();
  made.camera.trigger();
  await made.clock.advance(100);
  expect(applied).toBeGreaterThan(0);
});

test('a start outside its limits is refused by name', () => {
  expect(() => cameraWith({ start: { exposureMs: 5_000 } })).toThrow('camera');
});

test('a camera is disarmed before it is armed again', async () => {
  const log: string[] = [];
  const made = cameraWith({
    async *frames(_asked, signal) {
      log.push('arm');
      try {
        await made.clock.sleep(100, signal);
        yield made.frame();
      } finally {
        await made.clock.sleep(5);
        log.push('disarm');
      }
    },
  });
  await made.camera.stage();
  made.camera.trigger();
  await made.clock.advance(10);
  await made.camera.pause();
  made.camera.trigger();
  await made.clock.advance(1000);
  expect(log.join(' ')).toBe('arm disarm arm disarm');
});

test('a frame more than was asked for is not exposed', async () => {
  let exposed = 0;
  const made = cameraWith({
    async *frames(_asked, signal) {
      for (;;) {
        exposed++;
        await made.clock.sleep(10, signal);
        yield made.frame();
      }
    },
  });
  await made.camera.stage();
  made.camera.trigger();
  await made.clock.advance(1000);
  expect(exposed).toBe(1);
});

test('a snap does not wait for the trigger of the run before', async () => {
  const triggers: string[] = [];
  const made = cameraWith({
    triggers: ['external-edge'],
    async *frames({ trigger }) {
      triggers.push(trigger);
      yield made.frame();
    },
  });
  await made.camera.stage();
  made.camera.prepare({ frames: 1, trigger: 'external-edge' });
  await made.camera.snap(new AbortController().signal);
  expect(triggers).toEqual(['internal']);
});

test('three exposures that make one event are one row of three, as in ophyd-async', async () => {
  const made = cameraWith({});
  await made.camera.stage();
  made.camera.prepare({ frames: 3, collectionsPerEvent: 3 });
  expect(made.camera.describeCollect()['camera:buffer:stream']?.shape).toEqual([3, 32, 32]);
});

test('a property that is for before a run is refused during one', async () => {
  const made = cameraWith({});
  await made.camera.stage();
  await expect(made.camera.setProperty('binning', 1)).rejects.toThrow(/run|acqui/);
});

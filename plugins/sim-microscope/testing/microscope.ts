import type { Frame, PDevice } from 'redsun/sdk/device';
import { createTestContext, ManualClock, type TestContext } from 'redsun/sdk/testing';
import type { z } from 'zod';
import { SimCamera } from '../camera/camera.ts';
import { cameraOptions } from '../camera/camera-options.ts';
import { SimLamp } from '../light/lamp.ts';
import { SimLaser } from '../light/laser.ts';
import { SimShutter } from '../light/shutter.ts';
import { createWorker } from '../render/render-worker.ts';
import { SimFilterWheel } from '../stage/filter-wheel.ts';
import { SimTurret } from '../stage/turret.ts';
import { SimXYStage } from '../stage/xy-stage.ts';
import { SimZStage } from '../stage/z-stage.ts';

type Options = z.input<typeof cameraOptions>;

/** A whole microscope on a clock that stands still; its worker runs in this thread. */
export interface TestMicroscope {
  readonly clock: ManualClock;
  readonly context: TestContext;
  readonly camera: SimCamera;
  readonly xy: SimXYStage;
  readonly z: SimZStage;
  readonly laser488: SimLaser;
  readonly laser640: SimLaser;
  readonly lamp: SimLamp;
  readonly wheel: SimFilterWheel;
  readonly shutter: SimShutter;
  readonly turret: SimTurret;
  /** One picture, copied. */
  picture(): Promise<Picture>;
}

export interface Picture {
  readonly pixels: Float64Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

export function buildCamera(options: Options = {}): { clock: ManualClock; context: TestContext; camera: SimCamera } {
  const clock = new ManualClock();
  const context = createTestContext({ clock, workers: { './render/render-worker.ts': createWorker } });
  const camera = new SimCamera('camera', cameraOptions.parse(options), context);
  context.devices.set('camera', camera);
  return { clock, context, camera };
}

export function buildMicroscope(
  options: Options = {},
  stages: z.input<typeof SimXYStage.options> = {},
): TestMicroscope {
  const { clock, context, camera } = buildCamera({
    xy: 'xy',
    z: 'z',
    lights: ['laser488', 'laser640', 'lamp'],
    wheel: 'wheel',
    shutter: 'shutter',
    turret: 'turret',
    ...options,
  });
  const add = <D extends PDevice>(device: D): D => {
    context.devices.set(device.name, device);
    return device;
  };
  const laser = (name: string, wavelength_nm: number) =>
    add(new SimLaser(name, SimLaser.options.parse({ wavelength_nm }), context));
  return {
    clock,
    context,
    camera,
    xy: add(new SimXYStage('xy', SimXYStage.options.parse(stages), context)),
    z: add(new SimZStage('z', SimZStage.options.parse({}), context)),
    laser488: laser('laser488', 488),
    laser640: laser('laser640', 640),
    lamp: add(new SimLamp('lamp', SimLamp.options.parse({}), context)),
    wheel: add(new SimFilterWheel('wheel', SimFilterWheel.options.parse({ start: 'FITC' }), context)),
    shutter: add(new SimShutter('shutter', SimShutter.options.parse({ start: 'open' }), context)),
    turret: add(new SimTurret('turret', SimTurret.options.parse({}), context)),
    picture: () => takePicture(camera, clock),
  };
}

export async function takePicture(camera: SimCamera, clock: ManualClock): Promise<Picture> {
  const taken: Picture[] = [];
  const listener = camera.onFrame((frame) => taken.push(copyOf(frame)));
  await clock.run(camera.snap(new AbortController().signal));
  listener[Symbol.dispose]();
  const [picture] = taken;
  if (!picture) throw new Error('snap() ended without a frame');
  return picture;
}

export function copyOf(frame: Frame): Picture {
  return { pixels: Float64Array.from(frame.data), widthPx: frame.widthPx, heightPx: frame.heightPx };
}

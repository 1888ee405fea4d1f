import type { CameraLimits, DeviceContext } from 'redsun/sdk/device';
import { type Acquire, type CameraLogic, type Quantities, type ReadFrame, StandardCamera } from 'redsun/sdk/device/kit';
import { sourceOf } from '../sim-device.ts';
import { type CameraOptions, cameraOptions } from './camera-options.ts';
import { conversionOf, Sensor } from './sensor.ts';

const LIMITS: CameraLimits = {
  exposureMs: { low: 0.01, high: 60_000 },
  gain: { low: 0.1, high: 16 },
  binnings: [1, 2, 4],
  bitDepths: [8, 12, 16],
};

/** A camera that looks at a simulated specimen through the devices of the session. */
export class SimCamera extends StandardCamera {
  static readonly options = cameraOptions;
  readonly #options: CameraOptions;

  constructor(name: string, options: CameraOptions, context: DeviceContext) {
    super(name, logicOf(new Sensor(name, options, context), options, context), context);
    this.#options = options;
  }

  protected override get source(): string {
    return sourceOf(this.name);
  }

  protected override configured(): Quantities {
    const { countsPerElectron, offsetCounts } = conversionOf(this.settings, this.#options);
    return {
      ...super.configured(),
      counts_per_electron: { value: countsPerElectron, dtype: 'number', units: 'counts/e-' },
      offset_counts: { value: offsetCounts, dtype: 'number', units: 'counts' },
      read_noise_electrons: { value: this.#options.read_noise_electrons, dtype: 'number', units: 'e-' },
    };
  }
}

function logicOf(sensor: Sensor, options: CameraOptions, { clock }: DeviceContext): CameraLogic {
  const { size_px: sizePx, seed, mode, readout_ms: readoutMs } = options;
  const { exposure_ms: exposureMs, gain, binning, bit_depth: bitDepth } = options;
  return {
    sensor: {
      widthPx: sizePx,
      heightPx: sizePx,
      pixelSizeUm: options.pixel_size_um,
      model: mode === 'ramp' ? 'Simulated ramp' : 'Simulated sCMOS',
      serial: `SIM-${String(seed).padStart(4, '0')}`,
    },
    limits: LIMITS,
    start: { exposureMs, gain, binning, bitDepth },
    frames: (asked, signal) => framesOf(sensor, asked, signal, () => clock.sleep(readoutMs, signal)),
  };
}

/** Each frame is read out, shown and stored while the one after it is exposed. */
async function* framesOf(
  sensor: Sensor,
  { frames, firstFrame, settings }: Acquire,
  signal: AbortSignal,
  readout: () => Promise<void>,
): AsyncGenerator<ReadFrame> {
  let exposing = sensor.expose(settings(), signal);
  let free: Promise<void> = Promise.resolve();
  try {
    for (let taken = 0; ; taken++) {
      const reading = sensor.readOut(await exposing, firstFrame + taken, signal);
      free = readout();
      const isLast = taken + 1 >= frames;
      if (!isLast) exposing = free.then(() => sensor.expose(settings(), signal));
      // Heard of when they are waited for.
      for (const begun of [reading, free, exposing]) begun.catch(() => {});
      yield await reading;
      if (isLast) return;
    }
  } finally {
    // Until then the sensor takes no other frame.
    await free.catch(() => {});
  }
}

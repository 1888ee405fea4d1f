import type { CameraSettings, DeviceContext } from 'redsun/sdk/device';
import { frameShapeOf, type ReadFrame } from 'redsun/sdk/device/kit';
import type { PictureRequest } from '../render/protocol.ts';
import { hashOf } from '../seeded-random.ts';
import type { CameraOptions } from './camera-options.ts';
import { LightMeter } from './light-meter.ts';
import { type LightPath, lookThrough } from './light-path.ts';
import { RenderClient } from './render-client.ts';

/** Light collected on the sensor, ready to be read out. */
export interface Exposure {
  readonly settings: CameraSettings;
  /** Unix time (s) at the end of the exposure. */
  readonly time: number;
  readonly path: LightPath | null;
}

/** Opens the sensor to the light and reads it out, in the time that both take. */
export class Sensor {
  readonly #camera: string;
  readonly #options: CameraOptions;
  readonly #context: DeviceContext;
  #client: RenderClient | null = null;
  #meter: LightMeter | null = null;
  #pictures = 0;

  constructor(camera: string, options: CameraOptions, context: DeviceContext) {
    this.#camera = camera;
    this.#options = options;
    this.#context = context;
  }

  /** Resolves at the end of the exposure. What it sees is settled at its start. */
  async expose(settings: CameraSettings, signal: AbortSignal): Promise<Exposure> {
    const path = this.#options.mode === 'physical' ? this.#lightMeter().settle() : null;
    await this.#context.clock.sleep(settings.exposureMs, signal);
    if (path !== null) this.#lightMeter().settle();
    return { settings, time: this.#context.clock.now(), path };
  }

  /** The picture of an exposure, or the ramp of frame `index`. */
  async readOut(exposure: Exposure, index: number, signal: AbortSignal): Promise<ReadFrame> {
    const { settings, path, time } = exposure;
    const [heightPx, widthPx] = frameShapeOf(settings);
    const size = { widthPx, heightPx, bitDepth: settings.bitDepth };
    const noiseSeed = hashOf(this.#options.seed, this.#pictures++);
    const request =
      path === null
        ? ({ kind: 'ramp', frame: index, ...size } as const)
        : { ...pictureOf(path, settings, this.#options), ...size, noiseSeed };
    const { pixels: data, meanCounts, release } = await this.#renderer().render(request, signal);
    return { data, time, settings, ceilingCounts: ceilingOf(settings, this.#options), meanCounts, release };
  }

  /** The thread is started by the first picture, and ended by the host with the device. */
  #renderer(): RenderClient {
    this.#client ??= new RenderClient(this.#camera, this.#context, {
      kind: 'setup',
      seed: this.#options.specimen_seed,
      specimenSizeUm: this.#options.specimen_size_um,
      bleachDoseMwS: this.#options.bleach_dose_mw_s,
    });
    return this.#client;
  }

  #lightMeter(): LightMeter {
    this.#meter ??= new LightMeter(
      this.#options,
      this.#context,
      () => lookThrough(this.#camera, this.#options, this.#context.devices),
      (message) => this.#renderer().illuminate(message),
    );
    return this.#meter;
  }
}

/** Counts of a pixel that holds no more electrons, or of the converter at its end. */
export function ceilingOf(settings: CameraSettings, options: CameraOptions): number {
  const most = 2 ** settings.bitDepth - 1;
  if (options.mode === 'ramp') return most;
  const { countsPerElectron, offsetCounts } = conversionOf(settings, options);
  const full = options.full_well_electrons * settings.binning ** 2 * countsPerElectron + offsetCounts;
  return Math.min(most, Math.floor(full + 0.5));
}

/** How electrons become counts; fewer bits make coarser counts and a smaller offset. */
export function conversionOf(
  settings: CameraSettings,
  options: CameraOptions,
): { readonly countsPerElectron: number; readonly offsetCounts: number } {
  const coarser = 2 ** (16 - settings.bitDepth);
  return {
    countsPerElectron: settings.gain / (options.electrons_per_count * coarser),
    offsetCounts: Math.round(options.offset_counts / Math.sqrt(coarser)),
  };
}

type Picture = Omit<PictureRequest, 'id' | 'buffer' | 'widthPx' | 'heightPx' | 'bitDepth' | 'noiseSeed'>;

function pictureOf(path: LightPath, settings: CameraSettings, options: CameraOptions): Picture {
  const { binning, region, exposureMs } = settings;
  const pitchUm = path.pitchUm * binning;
  const pixelsMs = pitchUm ** 2 * exposureMs;
  return {
    kind: 'picture',
    pitchUm,
    originUm: [
      path.centreUm[0] + (region.x - options.size_px / 2) * path.pitchUm,
      path.centreUm[1] + (region.y - options.size_px / 2) * path.pitchUm,
    ],
    blurPx: path.blurUm / pitchUm,
    signals: path.signals.map(({ structure, rate }) => ({ structure, electrons: rate * pixelsMs })),
    backgroundElectrons:
      path.backgroundRate * pixelsMs + (options.dark_electrons_per_s * binning ** 2 * exposureMs) / 1000,
    readNoiseElectrons: options.read_noise_electrons * binning,
    fullWellElectrons: options.full_well_electrons * binning ** 2,
    ...conversionOf(settings, options),
  };
}

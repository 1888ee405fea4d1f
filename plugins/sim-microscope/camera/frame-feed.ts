import type { CameraSettings, DeviceContext, Frame } from 'redsun/sdk/device';
import { asError, toDisposable } from 'redsun/sdk/util';
import { type Exposure, frameShapeOf, type Sensor } from './sensor.ts';

/** What becomes of a frame before its memory is used again. */
export type FrameUse = (frame: Frame) => Promise<void>;

interface NextFrame {
  readonly settings: CameraSettings;
  readonly index: number;
}

/** Takes frames from the sensor, alone or in series, shows them to listeners and hands them on. */
export class FrameFeed {
  readonly #sensor: Sensor;
  readonly #readoutMs: number;
  readonly #context: DeviceContext;
  readonly #listeners = new Set<(frame: Frame) => void>();
  #meanCounts = Number.NaN;

  constructor(sensor: Sensor, readoutMs: number, context: DeviceContext) {
    this.#sensor = sensor;
    this.#readoutMs = readoutMs;
    this.#context = context;
  }

  /** Mean of the last frame, counts. */
  get meanCounts(): number {
    return this.#meanCounts;
  }

  onFrame(listener: (frame: Frame) => void): Disposable {
    this.#listeners.add(listener);
    return toDisposable(() => this.#listeners.delete(listener));
  }

  /** One frame; resolves when it is used and the sensor is free again. */
  async one(settings: CameraSettings, index: number, signal: AbortSignal, use: FrameUse): Promise<void> {
    const exposure = await this.#sensor.expose(settings, signal);
    const readout = this.#context.clock.sleep(this.#readoutMs, signal);
    await Promise.all([this.#finish(exposure, index, signal, use), readout]);
  }

  /** Frames until `next` has none; each is read out and used while the one after it is exposed. */
  async series(next: () => NextFrame | null, signal: AbortSignal, use: FrameUse): Promise<void> {
    let finishing: Promise<void> = Promise.resolve();
    for (let frame = next(); frame !== null; frame = next()) {
      const exposure = await this.#sensor.expose(frame.settings, signal);
      await finishing;
      finishing = this.#finish(exposure, frame.index, signal, use);
      finishing.catch(() => {}); // Heard of at the next `await finishing`.
      await this.#context.clock.sleep(this.#readoutMs, signal);
    }
    await finishing;
  }

  async #finish(exposure: Exposure, index: number, signal: AbortSignal, use: FrameUse): Promise<void> {
    const picture = await this.#sensor.readOut(exposure, index, signal);
    try {
      signal.throwIfAborted();
      const { settings, time } = exposure;
      const [heightPx, widthPx] = frameShapeOf(settings);
      const { bitDepth, exposureMs } = settings;
      const ceilingCounts = this.#sensor.ceilingCounts(settings);
      const frame: Frame = {
        data: picture.pixels,
        widthPx,
        heightPx,
        bitDepth,
        ceilingCounts,
        index,
        time,
        exposureMs,
      };
      this.#meanCounts = picture.meanCounts;
      await use(frame);
      for (const listener of [...this.#listeners]) this.#show(listener, frame);
    } finally {
      picture.release();
    }
  }

  /** A listener that throws is named in the log and does not stop the camera. */
  #show(listener: (frame: Frame) => void, frame: Frame): void {
    try {
      listener(frame);
    } catch (thrown) {
      this.#context.logger.error(`A listener failed on frame ${frame.index}: ${asError(thrown).message}`);
    }
  }
}

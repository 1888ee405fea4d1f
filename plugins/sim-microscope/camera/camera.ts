import type {
  Camera,
  CameraSettings,
  DeviceContext,
  Flyable,
  Frame,
  Pausable,
  Status,
  TriggerInfo,
} from 'redsun/sdk/device';
import { finishedStatus } from 'redsun/sdk/device';
import type { DataKey, Reading, StreamAsset } from 'redsun/sdk/events';
import { type HasStorage, withStorage } from 'redsun/sdk/storage';
import { RedsunError, ValueError } from 'redsun/sdk/util';
import { type Quantities, SimDevice } from '../sim-device.ts';
import { CameraActivity } from './camera-activity.ts';
import { type CameraOptions, cameraOptions } from './camera-options.ts';
import { CAMERA_LIMITS, changedSettings, settingsFromPlan } from './camera-settings.ts';
import { FrameFeed } from './frame-feed.ts';
import { collectFrom, type FrameFormat, FrameStorage, streamKeyOf } from './frame-storage.ts';
import { conversionOf, frameShapeOf, Sensor } from './sensor.ts';

interface Staged {
  readonly storage: FrameStorage;
  /** Of the next frame. */
  index: number;
  /** How many frames `kickoff` takes; 0: until `complete`. */
  burstFrames: number;
}

interface Burst {
  readonly status: Status;
  completing: boolean;
}

/** A camera that looks at a simulated specimen through the devices of the session. */
export class SimCamera extends withStorage(SimDevice) implements Camera, Flyable, HasStorage, Pausable {
  static readonly options = cameraOptions;
  readonly role = 'camera';
  readonly sensor: Camera['sensor'];
  readonly limits = CAMERA_LIMITS;
  readonly #options: CameraOptions;
  readonly #activity: CameraActivity;
  readonly #feed: FrameFeed;
  #settings: CameraSettings;
  #staged: Staged | null = null;
  #burst: Burst | null = null;

  constructor(name: string, options: CameraOptions, context: DeviceContext) {
    super(name, context);
    const { size_px, pixel_size_um, mode, seed } = options;
    this.#options = options;
    this.#feed = new FrameFeed(new Sensor(name, options, context), options.readout_ms, context);
    this.#activity = new CameraActivity(name);
    this.sensor = {
      widthPx: size_px,
      heightPx: size_px,
      pixelSizeUm: pixel_size_um,
      model: mode === 'ramp' ? 'Simulated ramp' : 'Simulated sCMOS',
      serial: `SIM-${String(seed).padStart(4, '0')}`,
    };
    this.#settings = {
      exposureMs: options.exposure_ms,
      gain: options.gain,
      binning: options.binning,
      bitDepth: options.bit_depth,
      region: { x: 0, y: 0, width: size_px, height: size_px },
    };
  }

  get settings(): CameraSettings {
    return this.#settings;
  }

  get frameShape(): readonly [heightPx: number, widthPx: number] {
    return frameShapeOf(this.#settings);
  }

  get dtype(): 'uint8' | 'uint16' {
    return this.#settings.bitDepth <= 8 ? 'uint8' : 'uint16';
  }

  get hints(): { readonly fields: readonly string[] } {
    return { fields: [`${this.name}_mean`] };
  }

  async applySettings(changes: Partial<CameraSettings>): Promise<void> {
    const after = changedSettings(this.name, this.#settings, changes, this.#options.size_px);
    if (this.#staged) {
      this.#activity.requireIdle('change its settings');
      const [height, width] = frameShapeOf(after);
      const [heightBefore, widthBefore] = this.frameShape;
      if (height !== heightBefore || width !== widthBefore || after.bitDepth !== this.#settings.bitDepth) {
        throw new RedsunError(
          'device/staged',
          `${this.name}: frames stay ${widthBefore} x ${heightBefore} px of ${this.#settings.bitDepth} bits during an acquisition`,
        );
      }
    }
    this.#settings = after;
    this.changed.emit();
  }

  async configure(
    settings: Readonly<Record<string, unknown>>,
  ): Promise<readonly [Record<string, Reading>, Record<string, Reading>]> {
    const before = this.readConfiguration();
    await this.applySettings(settingsFromPlan(this.name, settings));
    return [before, this.readConfiguration()];
  }

  onFrame(listener: (frame: Frame) => void): Disposable {
    return this.#feed.onFrame(listener);
  }

  async snap(signal: AbortSignal): Promise<void> {
    await this.#activity.run('snap', this.context.clock, signal, (inner) =>
      this.#feed.one(this.#settings, 0, inner, showOnly),
    );
  }

  async live(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    let stopped = false;
    const running = this.#activity.run('live', this.context.clock, signal, async (inner) => {
      inner.addEventListener('abort', () => {
        stopped = true;
      });
      let index = 0;
      const next = () => ({ settings: this.#settings, index: index++ });
      await this.#feed.series(next, inner, showOnly);
    });
    await running.catch((error: unknown) => {
      if (!stopped) throw error;
    });
  }

  async stage(): Promise<readonly unknown[]> {
    if (this.#staged) throw new RedsunError('device/staged', `${this.name}: is staged already`);
    this.#activity.requireIdle('stage');
    const storage = new FrameStorage(this.name, this.storage, this.#format());
    this.#staged = { storage, index: 0, burstFrames: 0 };
    return [this];
  }

  async unstage(): Promise<readonly unknown[]> {
    const staged = this.#staged;
    if (!staged) return [this];
    this.stop({ success: false });
    this.#staged = null;
    this.#burst = null;
    await staged.storage.close();
    return [this];
  }

  prepare(info: TriggerInfo): Status {
    if (!Number.isInteger(info.frames) || info.frames < 0) {
      throw new ValueError(`${this.name}: frames must be a whole number from 0 on, not ${String(info.frames)}`);
    }
    const staged = this.#requireStaged('prepare');
    staged.storage.prepare(this.#format(), info);
    staged.burstFrames = info.frames;
    if (info.firstFrame !== undefined) staged.index = info.firstFrame;
    return finishedStatus(`${this.name}: prepared for ${info.frames} frames`);
  }

  /** Takes one frame. Done when it can be read from the store. */
  trigger(): Status {
    const { clock } = this.context;
    const staged = this.#requireStaged('trigger');
    return this.#activity.start(`expose ${this.#settings.exposureMs} ms`, clock, async (signal) => {
      await staged.storage.open();
      let acknowledged: Promise<void> = Promise.resolve();
      await this.#feed.one(this.#settings, staged.index++, signal, async (frame) => {
        ({ acknowledged } = await staged.storage.write(frame, signal));
      });
      await acknowledged;
    });
  }

  /** Starts a burst of as many frames as were prepared, as fast as exposure and readout allow. */
  kickoff(): Status {
    const staged = this.#requireStaged('kickoff');
    const { burstFrames } = staged;
    const lastIndex = staged.index + (burstFrames || Number.POSITIVE_INFINITY);
    const next = () =>
      staged.index < lastIndex && !(burstFrames === 0 && this.#burst?.completing)
        ? { settings: this.#settings, index: staged.index++ }
        : null;
    const label = `burst of ${burstFrames || 'any number of'} frames`;
    const status = this.#activity.start(label, this.context.clock, async (signal) => {
      let last: Promise<void> = Promise.resolve();
      await staged.storage.open();
      await this.#feed.series(next, signal, async (frame) => {
        last = (await staged.storage.write(frame, signal)).acknowledged;
      });
      await last;
    });
    this.#burst = { status, completing: false };
    return finishedStatus(`${this.name}: burst started`);
  }

  /** Done when the last frame of the burst can be read from the store. */
  complete(): Status {
    const burst = this.#burst;
    if (!burst) throw new RedsunError('device/not-started', `${this.name}: complete() without kickoff()`);
    burst.completing = true;
    return burst.status;
  }

  /** An exposure that a pause falls into is given up: nothing of it is stored, and the plan takes it again. */
  async pause(): Promise<void> {
    await this.stop({ success: true });
  }

  async resume(): Promise<void> {}

  /** Ends an exposure, a burst or Live at once. Their status finishes, or fails when `success` is false. */
  stop(options: { readonly success?: boolean } = {}): void {
    const { label } = this.#activity;
    const failed =
      (options.success ?? true) ? null : new RedsunError('device/stopped', `${this.name}: stopped: ${label}`);
    this.#activity.stop(failed);
  }

  override describe(): Record<string, DataKey> {
    return { ...super.describe(), ...(this.storage ? this.describeCollect() : {}) };
  }

  describeCollect(): Record<string, DataKey> {
    return streamKeyOf(this.name, this.#format());
  }

  collectAssetDocs(index?: number): Iterable<StreamAsset> {
    return collectFrom(this.name, this.storage, index);
  }

  getIndex(): number {
    return this.storage?.sources.has(this.name) ? this.storage.getIndicesWritten(this.name) : 0;
  }

  protected override measured(): Quantities {
    return { [`${this.name}_mean`]: { value: this.#feed.meanCounts, dtype: 'number', units: 'counts' } };
  }

  protected override configured(): Quantities {
    const { exposureMs, gain, binning, bitDepth, region } = this.#settings;
    const { countsPerElectron, offsetCounts } = conversionOf(this.#settings, this.#options);
    return {
      exposure_ms: { value: exposureMs, dtype: 'number', units: 'ms', limits: CAMERA_LIMITS.exposureMs },
      gain: { value: gain, dtype: 'number', units: '', limits: CAMERA_LIMITS.gain },
      binning: { value: binning, dtype: 'integer', limits: { low: 1, high: 4 } },
      bit_depth: { value: bitDepth, dtype: 'integer', limits: { low: 8, high: 16 } },
      region: { value: [region.x, region.y, region.width, region.height], dtype: 'array', shape: [4], units: 'px' },
      pixel_size_um: { value: this.#options.pixel_size_um, dtype: 'number', units: 'um' },
      counts_per_electron: { value: countsPerElectron, dtype: 'number', units: 'counts/e-' },
      offset_counts: { value: offsetCounts, dtype: 'number', units: 'counts' },
      read_noise_electrons: { value: this.#options.read_noise_electrons, dtype: 'number', units: 'e-' },
    };
  }

  #format(): FrameFormat {
    return { dtype: this.dtype, shape: this.frameShape };
  }

  #requireStaged(verb: string): Staged {
    if (!this.#staged) throw new RedsunError('device/not-staged', `${this.name}: ${verb}() before stage()`);
    return this.#staged;
  }
}

/** Live frames and snapped ones are not stored. */
async function showOnly(): Promise<void> {}

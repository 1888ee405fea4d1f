import type { DataKey, Reading, StreamAsset } from '../../events/documents.ts';
import { type HasStorage, withStorage } from '../../storage/storage-descriptor.ts';
import { asError, onAbort, RedsunError, toDisposable } from '../../util/index.ts';
import type { DeviceContext } from '../context.ts';
import type { Flyable, HasHints, Pausable } from '../protocols.ts';
import type { Camera, CameraSettings, Frame, TriggerInfo } from '../roles.ts';
import { finishedStatus, type Status } from '../status.ts';
import type { Acquire, CameraLogic, ReadFrame } from './camera-logic.ts';
import { changedSettings, frameShapeOf, settingsFromPlan, wholeOf } from './camera-settings.ts';
import { KitDevice } from './kit-device.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { Quantities } from './quantities.ts';
import { collectFrom, type FrameFormat, StoreFrames, streamKeyOf } from './store-frames.ts';
import { checkTriggerInfo } from './trigger-info.ts';

/** From `stage` to `unstage`. */
interface Staged {
  readonly store: StoreFrames;
  info: TriggerInfo;
  /** Number of the next frame. */
  index: number;
}

interface Burst {
  readonly status: Status;
  completing: boolean;
}

/** Snap and Live have no trigger from outside, whatever a run asks for. */
const OWN_CLOCK = { firstFrame: 0, trigger: 'internal' } as const;

/** What becomes of a frame before its memory is used again. */
type FrameUse = (frame: Frame) => Promise<void>;

/**
 * A camera: settings with their limits, snap, Live, single frames and bursts into the session's store, pauses, readings and properties. A
 * driver says how frames are taken, see `CameraLogic`.
 */
export abstract class StandardCamera extends withStorage(KitDevice) implements Camera, Flyable, HasStorage, Pausable {
  readonly role = 'camera';
  readonly #logic: CameraLogic;
  readonly #doing: OneAtATime;
  readonly #listeners = new Set<(frame: Frame) => void>();
  #settings: CameraSettings;
  /** What is being set. Never rejects. */
  #applying: Promise<void> = Promise.resolve();
  /** The camera has been told its settings. */
  #isApplied: boolean;
  #meanCounts = Number.NaN;
  #staged: Staged | null = null;
  #burst: Burst | null = null;

  constructor(name: string, logic: CameraLogic, context: DeviceContext) {
    super(name, context);
    this.#logic = logic;
    this.#doing = new OneAtATime(name, context.clock);
    const { sensor, limits, start } = logic;
    const first = {
      exposureMs: limits.exposureMs.low,
      gain: Math.min(limits.gain.high, Math.max(limits.gain.low, 1)),
      binning: limits.binnings[0] ?? 1,
      bitDepth: Math.max(...limits.bitDepths),
      region: wholeOf(sensor),
    };
    this.#settings = changedSettings(name, first, start ?? {}, logic);
    this.#isApplied = logic.apply === undefined;
  }

  get sensor(): Camera['sensor'] {
    return this.#logic.sensor;
  }

  get limits(): Camera['limits'] {
    return this.#logic.limits;
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

  /** What plots begin with. */
  get hints(): HasHints['hints'] {
    return { fields: [`${this.name}_mean`] };
  }

  /** One change after the other: what another one has changed meanwhile stands. */
  applySettings(changes: Partial<CameraSettings>): Promise<void> {
    const applied = this.#applying.then(async () => {
      const wanted = changedSettings(this.name, this.#settings, changes, this.#logic);
      if (this.#staged) this.#requireSameFrames(wanted);
      this.#settings = (await this.#logic.apply?.(wanted)) ?? wanted;
      this.#isApplied = true;
      this.changed.emit();
    });
    this.#applying = applied.catch(() => {});
    return applied;
  }

  /** Before the first frame: what it is set to was asked of it, and not assumed; and nothing is being set any more. */
  async #settle(): Promise<void> {
    await this.#applying;
    if (!this.#isApplied) await this.applySettings({});
  }

  /** Settings as plans spell them: `exposure_ms`. @returns the configuration before and after */
  async configure(
    settings: Readonly<Record<string, unknown>>,
  ): Promise<readonly [Record<string, Reading>, Record<string, Reading>]> {
    const before = this.readConfiguration();
    await this.applySettings(settingsFromPlan(this.name, settings));
    return [before, this.readConfiguration()];
  }

  onFrame(listener: (frame: Frame) => void): Disposable {
    this.#listeners.add(listener);
    return toDisposable(() => this.#listeners.delete(listener));
  }

  async snap(signal: AbortSignal): Promise<void> {
    await this.#doing.run('snap', signal, async (inner) => {
      await this.#settle();
      await this.#take({ ...OWN_CLOCK, frames: 1 }, inner, showOnly);
    });
  }

  async live(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    let isStopped = false;
    const running = this.#doing.run('live', signal, async (inner) => {
      inner.addEventListener('abort', () => {
        isStopped = true;
      });
      await this.#settle();
      await this.#take({ ...OWN_CLOCK, frames: Number.POSITIVE_INFINITY }, inner, showOnly);
    });
    await running.catch((error: unknown) => {
      if (!isStopped) throw error;
    });
  }

  async stage(): Promise<readonly unknown[]> {
    if (this.#staged) throw new RedsunError('device/staged', `${this.name}: is staged already`);
    this.#doing.requireIdle('stage');
    await this.#doing.ended();
    await this.#settle();
    const store = new StoreFrames(this.name, this.storage, this.#format());
    this.#staged = { store, info: { frames: 0 }, index: 0 };
    return [this];
  }

  async unstage(): Promise<readonly unknown[]> {
    const staged = this.#staged;
    if (!staged) return [this];
    this.stop({ success: false });
    this.#staged = null;
    this.#burst = null;
    await this.#doing.ended();
    await staged.store.close();
    return [this];
  }

  /** @throws ValueError for what makes no sense; RedsunError `device/unsupported`, `device/limit` for what this camera cannot do */
  prepare(info: TriggerInfo): Status {
    checkTriggerInfo(this.name, info, this.#logic, this.#settings);
    const staged = this.#requireStaged('prepare');
    staged.store.prepare(this.#format(), info);
    staged.info = info;
    if (info.firstFrame !== undefined) staged.index = info.firstFrame;
    return finishedStatus(`${this.name}: prepared for ${info.frames} frames`);
  }

  /** Takes the frames of one event. Done when they can be read from the store. */
  trigger(): Status {
    const staged = this.#requireStaged('trigger');
    const frames = staged.info.collectionsPerEvent ?? 1;
    return this.#doing.start(`expose ${this.#settings.exposureMs} ms`, (signal) =>
      this.#takeStored(staged, frames, signal),
    );
  }

  /** Starts a burst of as many frames as were prepared, as fast as exposure and readout allow. */
  kickoff(): Status {
    const staged = this.#requireStaged('kickoff');
    const { frames } = staged.info;
    const label = `burst of ${frames || 'any number of'} frames`;
    const status = this.#doing.start(label, (signal) =>
      this.#takeStored(staged, frames || Number.POSITIVE_INFINITY, signal),
    );
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
  stop({ success = true }: { readonly success?: boolean } = {}): void {
    const stopped = `${this.name}: stopped: ${this.#doing.label}`;
    this.#doing.stop(success ? null : new RedsunError('device/stopped', stopped));
  }

  override read(): Record<string, Reading> {
    return this.readings();
  }

  override describe(): Record<string, DataKey> {
    return { ...super.describe(), ...(this.storage ? this.describeCollect() : {}) };
  }

  /** The array in the store. */
  describeCollect(): Record<string, DataKey> {
    return streamKeyOf(this.name, this.source, this.#format(), this.#collections);
  }

  collectAssetDocs(index?: number): Iterable<StreamAsset> {
    return collectFrom(this.name, this.storage, index, this.#collections);
  }

  getIndex(): number {
    const frames = this.storage?.sources.has(this.name) ? this.storage.getIndicesWritten(this.name) : 0;
    return Math.floor(frames / this.#collections);
  }

  /** Exposures of an event. */
  get #collections(): number {
    return this.#staged?.info.collectionsPerEvent ?? 1;
  }

  protected override get isInRun(): boolean {
    return this.#staged !== null;
  }

  protected override measured(): Quantities {
    return { [`${this.name}_mean`]: { value: this.#meanCounts, dtype: 'number', units: 'counts' } };
  }

  protected override configured(): Quantities {
    const { exposureMs, gain, binning, bitDepth, region } = this.#settings;
    const { limits, sensor } = this;
    const to = (change: (value: number) => Partial<CameraSettings>) => ({
      set: (value: number) => this.applySettings(change(value)),
    });
    const ends = (values: readonly number[]) => ({ low: Math.min(...values), high: Math.max(...values) });
    return {
      exposure_ms: {
        value: exposureMs,
        dtype: 'number',
        units: 'ms',
        limits: limits.exposureMs,
        ...to((value) => ({ exposureMs: value })),
      },
      gain: { value: gain, dtype: 'number', units: '', limits: limits.gain, ...to((value) => ({ gain: value })) },
      binning: {
        value: binning,
        dtype: 'integer',
        limits: ends(limits.binnings),
        choices: limits.binnings,
        isForRuns: true,
        ...to((value) => ({ binning: value })),
      },
      bit_depth: {
        value: bitDepth,
        dtype: 'integer',
        limits: ends(limits.bitDepths),
        choices: limits.bitDepths,
        isForRuns: true,
        ...to((value) => ({ bitDepth: value })),
      },
      region: {
        value: [region.x, region.y, region.width, region.height],
        dtype: 'array',
        shape: [4],
        units: 'px',
        isForRuns: true,
        ...(limits.regions === 'none'
          ? {}
          : { set: (value: number[]) => this.applySettings(settingsFromPlan(this.name, { region: value })) }),
      },
      pixel_size_um: { value: sensor.pixelSizeUm, dtype: 'number', units: 'um' },
    };
  }

  async #takeStored(staged: Staged, frames: number, signal: AbortSignal): Promise<void> {
    await staged.store.open();
    let last: Promise<void> = Promise.resolve();
    const store: FrameUse = async (frame) => {
      last = (await staged.store.write(frame, signal)).acknowledged;
      staged.index++;
    };
    const isEnough = () => frames === Number.POSITIVE_INFINITY && this.#burst?.completing === true;
    const { trigger = 'internal' } = staged.info;
    await this.#take({ frames, firstFrame: staged.index, trigger }, signal, store, isEnough);
    await last;
  }

  async #take(
    asked: Pick<Acquire, 'frames' | 'firstFrame' | 'trigger'>,
    signal: AbortSignal,
    use: FrameUse,
    isEnough: () => boolean = () => false,
  ): Promise<void> {
    const { frames, firstFrame } = asked;
    let index = firstFrame;
    // What was begun for a frame that nobody asks for any more ends with this.
    using over = new AbortScope(signal);
    for await (const read of this.#logic.frames({ ...asked, settings: () => this.#settings }, over.signal)) {
      try {
        signal.throwIfAborted();
        const frame = this.#frameOf(read, index++);
        await use(frame);
        this.#show(frame);
      } finally {
        read.release?.();
      }
      // None is asked for that nobody wants: with a trigger from outside it would be waited for in vain.
      if (index - firstFrame >= frames || isEnough()) return;
    }
    if (signal.aborted) return;
    throw new RedsunError('camera/frames-missing', `${this.name}: gave ${index - firstFrame} of ${frames} frames`);
  }

  #frameOf(read: ReadFrame, index: number): Frame {
    const { data, time, ceilingCounts, settings = this.#settings, meanCounts } = read;
    const [heightPx, widthPx] = frameShapeOf(settings);
    if (data.length !== heightPx * widthPx) {
      const got = `gave ${data.length} pixels for a frame of ${widthPx} x ${heightPx}`;
      throw new RedsunError('camera/frame-size', `${this.name}: ${got}`);
    }
    this.#meanCounts = meanCounts ?? meanOf(data);
    const { bitDepth, exposureMs } = settings;
    const ceiling = ceilingCounts === undefined ? {} : { ceilingCounts };
    return { data, widthPx, heightPx, bitDepth, ...ceiling, index, time, exposureMs };
  }

  /** A listener that throws is named in the log and does not stop the camera. */
  #show(frame: Frame): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(frame);
      } catch (thrown) {
        this.context.logger.error(`A listener failed on frame ${frame.index}: ${asError(thrown).message}`);
      }
    }
  }

  #format(): FrameFormat {
    return { dtype: this.dtype, shape: this.frameShape };
  }

  #requireStaged(verb: string): Staged {
    if (!this.#staged) throw new RedsunError('device/not-staged', `${this.name}: ${verb}() before stage()`);
    return this.#staged;
  }

  /** Frames of an acquisition are alike. @throws RedsunError `device/busy`, `device/staged` */
  #requireSameFrames(wanted: CameraSettings): void {
    this.#doing.requireIdle('change its settings');
    const [height, width] = frameShapeOf(wanted);
    const [heightBefore, widthBefore] = this.frameShape;
    const { bitDepth } = this.#settings;
    if (height === heightBefore && width === widthBefore && wanted.bitDepth === bitDepth) return;
    const stay = `frames stay ${widthBefore} x ${heightBefore} px of ${bitDepth} bits during an acquisition`;
    throw new RedsunError('device/staged', `${this.name}: ${stay}`);
  }
}

/** Aborts with `signal`, and when it goes out of scope. */
class AbortScope implements Disposable {
  readonly #controller = new AbortController();
  readonly #listening: Disposable;

  constructor(signal: AbortSignal) {
    this.#listening = onAbort(signal, () => this.#controller.abort(signal.reason));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
    this.#controller.abort(new RedsunError('device/stopped', 'No more frames are asked for'));
  }
}

/** Live frames and snapped ones are not stored. */
async function showOnly(): Promise<void> {}

function meanOf(data: Frame['data']): number {
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += data[at] ?? 0;
  return sum / Math.max(1, data.length);
}

import type { Awaitable, Configurable, PDevice, Readable, WritesStreamAssets } from '../../device/protocols.ts';
import { type Camera, isAxis } from '../../device/roles.ts';
import type { DataKey, Reading, StreamAsset } from '../../events/documents.ts';

type BurstReadable = PDevice & Readable;

/**
 * Stands for a device in the events of a run with bursts: of each event it tells that event's own part of the last burst,
 * and outside of bursts what the device itself tells.
 */
export class BurstReading implements PDevice, Readable {
  readonly name: string;
  readonly parent: unknown;
  protected readonly device: BurstReadable;
  /** What the axis was loaded with, and which of it is told; null: no burst. */
  #shown: number | null = null;

  constructor(device: BurstReadable) {
    this.device = device;
    this.name = device.name;
    this.parent = device.parent;
  }

  /** From now on, what belongs to this value; null: what the device tells. */
  show(value: number | null): void {
    this.#shown = value;
  }

  /** The axis has gone on by itself: where it was told to be is what is known of it. */
  async read(): Promise<Record<string, Reading>> {
    const readings = await this.device.read();
    const shown = this.#shown;
    if (shown === null || !isAxis(this.device)) return readings;
    return Object.fromEntries(
      Object.entries(readings).map(([key, reading]) => [
        key,
        typeof reading.value === 'number' ? { ...reading, value: shown } : reading,
      ]),
    );
  }
  describe(): Awaitable<Record<string, DataKey>> {
    return this.device.describe();
  }
  readConfiguration(): Awaitable<Record<string, Reading>> {
    return this.device.readConfiguration();
  }
  describeConfiguration(): Awaitable<Record<string, DataKey>> {
    return this.device.describeConfiguration();
  }
}

/** A camera whose frames are told of one by one, though they were all there at the end of the burst. */
export class BurstFrames extends BurstReading implements WritesStreamAssets, Configurable {
  readonly #camera: Camera;
  #before = 0;
  #until: number | null = null;

  constructor(camera: Camera) {
    super(camera);
    this.#camera = camera;
  }

  /** Before a burst: frames that there are already are no part of it. */
  async begin(): Promise<void> {
    this.#before = await this.#camera.getIndex();
  }
  /** From now on, frames up to the n-th of the burst; null: all that there are. */
  override show(frame: number | null): void {
    this.#until = frame === null ? null : this.#before + frame + 1;
  }
  override read(): Promise<Record<string, Reading>> {
    return Promise.resolve(this.#camera.read());
  }
  getIndex(): Awaitable<number> {
    return this.#camera.getIndex();
  }
  collectAssetDocs(index?: number): Iterable<StreamAsset> | AsyncIterable<StreamAsset> {
    return this.#camera.collectAssetDocs(index ?? this.#until ?? undefined);
  }
  configure(settings: Readonly<Record<string, unknown>>) {
    return this.#camera.configure(settings);
  }
}

import {
  type Collectable,
  type Flyable,
  type HasHints,
  type Preparable,
  type Readable,
  type Stageable,
  Status,
  type Triggerable,
  type WritesStreamAssets,
} from 'redsun/sdk/device';
import { type ComposedStreamResource, composeStreamResource, type DataKey, type StreamAsset } from 'redsun/sdk/events';
import { z } from 'zod';
import { SimDevice, type Surroundings } from '../sim-device.ts';

const options = z.strictObject({
  step: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .meta({ description: 'Frames that come between two looks while it completes; absent: all at once' }),
});

/** A camera that claims to write frames of 4 by 5 pixels to a store, stepped by a plan or flying. */
export class StreamDet
  extends SimDevice
  implements Readable, Triggerable, Stageable, Preparable<number>, Flyable, Collectable, WritesStreamAssets, HasHints
{
  static readonly options = options;
  readonly hints = {};
  /** Written since it was staged. */
  frames = 0;
  #announced = 0;
  #target = 0;
  readonly #step: number | null;
  #store: ComposedStreamResource | null = null;
  #completing: Status | null = null;

  constructor(name: string, { step = null }: { readonly step?: number | null } = {}, surroundings?: Surroundings) {
    super(name, surroundings);
    this.#step = step;
  }

  stage(): Status {
    this.called('stage');
    this.frames = 0;
    this.#announced = 0;
    this.#store = null;
    return this.finished('stage');
  }

  unstage(): Status {
    this.called('unstage');
    return this.finished('unstage');
  }

  /** @param frames - how many it will take when it flies. */
  prepare(frames: number): Status {
    this.called('prepare', frames);
    this.#target = frames;
    return this.finished('prepare');
  }

  trigger(): Status {
    this.called('trigger');
    this.frames++;
    return this.finished('trigger');
  }

  kickoff(): Status {
    this.called('kickoff');
    this.#target += this.frames;
    return this.finished('kickoff');
  }

  complete(): Status {
    this.called('complete');
    if (this.#step === null) {
      this.frames = this.#target;
      return this.finished('complete');
    }
    this.#completing = new Status({ label: `${this.name}.complete` });
    return this.#completing;
  }

  read(): Record<string, never> {
    return {};
  }

  describe(): Record<string, DataKey> {
    const { name } = this;
    const key = { source: `SIM:${name}`, dtype: 'array', shape: [1, 4, 5], dtype_numpy: '<u2' } as const;
    return { [name]: { ...key, external: 'STREAM:' } };
  }

  describeCollect(): Record<string, DataKey> {
    return this.describe();
  }

  async getIndex(): Promise<number> {
    this.#advance();
    return this.frames;
  }

  async *collectAssetDocs(index?: number): AsyncGenerator<StreamAsset> {
    if (index === undefined) this.#advance();
    const upTo = index ?? this.frames;
    if (!this.#store) {
      this.#store = this.#newStore();
      yield { name: 'stream_resource', doc: this.#store.streamResource };
    }
    if (upTo <= this.#announced) return;
    yield {
      name: 'stream_datum',
      doc: this.#store.composeStreamDatum({ start: this.#announced, stop: upTo }),
    };
    this.#announced = upTo;
  }

  override readConfiguration(): Record<string, never> {
    return {};
  }

  override describeConfiguration(): Record<string, never> {
    return {};
  }

  #newStore(): ComposedStreamResource {
    return composeStreamResource(
      { now: () => this.now(), newUid: this.newUid },
      {
        mimetype: 'application/x-hdf5',
        uri: `file://localhost/data/${this.name}.h5`,
        data_key: this.name,
        parameters: { dataset: '/entry/data/data', chunk_shape: [1, 4, 5] },
      },
    );
  }

  #advance(): void {
    if (this.#step === null || !this.#completing || this.#completing.done) return;
    this.frames = Math.min(this.#target, this.frames + this.#step);
    if (this.frames === this.#target) this.#completing.setFinished();
  }
}

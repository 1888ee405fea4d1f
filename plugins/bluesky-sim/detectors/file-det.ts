import type { ExternalAsset, Status, WritesExternalAssets } from 'redsun/sdk/device';
import { type ComposedResource, composeResource, type DataKey } from 'redsun/sdk/events';
import { RedsunError } from 'redsun/sdk/util';
import { Det } from './det.ts';

/** A detector that claims to write a file per stage and a frame per trigger, in the older documents `resource` and `datum`. */
export class FileDet extends Det implements WritesExternalAssets {
  #file: ComposedResource | null = null;
  #frames = 0;
  #assets: ExternalAsset[] = [];

  override stage(): readonly unknown[] {
    this.called('stage');
    this.#frames = 0;
    this.#file = composeResource(
      { now: () => this.now(), newUid: this.newUid },
      {
        spec: 'SIM_NPY',
        root: '/data',
        resource_path: `${this.name}.npy`,
        resource_kwargs: { frame_per_point: 1 },
      },
    );
    this.#assets = [{ name: 'resource', doc: this.#file.resource }];
    return [this];
  }

  override describe(): Record<string, DataKey> {
    const { name } = this;
    return { [name]: { source: `SIM:${name}`, dtype: 'array', shape: [4, 5], external: 'FILESTORE:' } };
  }

  collectAssetDocs(): ExternalAsset[] {
    return this.#assets.splice(0);
  }

  override trigger(): Status {
    if (!this.#file) throw new RedsunError('device/not-staged', `${this.name}: was triggered before it was staged`);
    return super.trigger();
  }

  protected override measure(): string {
    const doc = this.#file?.composeDatum({ index: this.#frames++ });
    if (!doc) return '';
    this.#assets.push({ name: 'datum', doc });
    return doc.datum_id;
  }
}

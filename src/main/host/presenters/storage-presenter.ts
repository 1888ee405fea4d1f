import type { PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import { type StorageState, storageChannel } from '../../../shared/channels/storage.ts';
import { checkTarget, freeBytesBelow } from '../../storage/preflight.ts';
import type { HostServices } from '../services.ts';

const LOOK_EVERY_MS = 5_000;

/** Watches the disk that runs go to. */
export class StoragePresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[StorageState]>();
  readonly #host: HostServices;
  #timer: Disposable | null = null;

  constructor(name: string, host: HostServices) {
    this.name = name;
    this.#host = host;
    this.devices = host.roster.devices;
    this.channel = serveChannel(storageChannel, { calls: {}, events: { changed: this.changed }, streams: {} });
    this.#timer = host.clock.setTimeout(() => void this.#look(), 0);
  }

  shutdown(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
  }

  async #look(): Promise<void> {
    const { baseFolder, clock } = this.#host;
    const problems = await checkTarget(baseFolder, 0);
    const freeBytes = await freeBytesBelow(baseFolder).catch(() => null);
    this.changed.emit({
      folder: baseFolder,
      freeBytes,
      problems: problems.map(({ code, message }) => ({ code, message })),
    });
    if (this.#timer) this.#timer = clock.setTimeout(() => void this.#look(), LOOK_EVERY_MS);
  }
}

import type { PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import type { RunProgress } from '../../../shared/channels/acquisition.ts';
import { type StorageState, storageChannel } from '../../../shared/channels/storage.ts';
import { freeBytesBelow } from '../../storage/target/preflight.ts';
import { type DiskForecast, forecastDisk } from '../disk-forecast.ts';
import type { HostServices } from '../services.ts';

const LOOK_EVERY_MS = 5_000;

/** What it is made of. */
export type StorageServices = Pick<HostServices, 'baseFolder' | 'clock' | 'loggerFor' | 'roster' | 'storage'>;

/** Watches the disk that runs go to. */
export class StoragePresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[StorageState]>();
  readonly #host: StorageServices;
  readonly #running: () => RunProgress | null;
  #timer: Disposable | null = null;
  /** Folder of the run that was warned of, so that each is warned of once. */
  #warned: string | null = null;

  /** @param running - how the run gets on; null: there is none. */
  constructor(name: string, host: StorageServices, running: () => RunProgress | null) {
    this.name = name;
    this.#host = host;
    this.#running = running;
    this.devices = host.roster.devices;
    this.channel = serveChannel(storageChannel, { calls: {}, events: { changed: this.changed }, streams: {} });
    this.#timer = host.clock.setTimeout(() => void this.#look(), 0);
  }

  shutdown(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
  }

  async #look(): Promise<void> {
    const { baseFolder, clock, storage } = this.#host;
    const problems = await storage.check(0);
    // Where images of the run go now is what can become full.
    const run = this.#running();
    const freeBytes = await freeBytesBelow(run?.linkedFolder ?? run?.folder ?? baseFolder).catch(() => null);
    const forecast = this.#forecast(freeBytes);
    this.changed.emit({
      keeps: storage.keeps,
      folder: baseFolder,
      freeBytes,
      problems: problems.map(({ code, message }) => ({ code, message })),
      forecast,
    });
    if (this.#timer) this.#timer = clock.setTimeout(() => void this.#look(), LOOK_EVERY_MS);
  }

  #forecast(freeBytes: number | null): DiskForecast | null {
    const run = this.#running();
    if (!run || freeBytes === null || this.#host.storage.keeps === 'nothing') return null;
    const { elapsedS, bytesWritten, leftS, folder, name } = run;
    const { clock, loggerFor } = this.#host;
    const forecast = forecastDisk({
      nowS: clock.now(),
      workedS: elapsedS,
      bytesWritten,
      freeBytes,
      leftS: leftS?.high ?? null,
    });
    if (forecast && this.#warned !== folder) {
      this.#warned = folder;
      const inMinutes = Math.max(1, Math.round((forecast.fullAt - clock.now()) / 60));
      loggerFor('storage').warning(`${name}: the disk is full in ${inMinutes} min, before the run ends`);
    }
    return forecast;
  }
}

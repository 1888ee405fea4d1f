import { BestEffort } from 'redsun/sdk/callbacks';
import type { PDevice } from 'redsun/sdk/device';
import type { Document, DocumentName } from 'redsun/sdk/events';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { asError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { type RunDataChanged, runDataChannel } from '../../../shared/channels/run-data.ts';
import type { DocumentSink } from '../documents/document-sink.ts';
import type { HostServices } from '../services.ts';
import { throttle } from '../throttle.ts';

/** Live numbers repaint at most ten times a second. */
const ANNOUNCE_MS = 100;

/** What it is made of. */
export type RunDataServices = Pick<HostServices, 'clock' | 'loggerFor' | 'roster'>;

/** Table and plots of the newest run, from its documents. */
export class RunDataPresenter implements PPresenter, DocumentSink {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[RunDataChanged]>();
  readonly #host: RunDataServices;
  readonly #bestEffort: BestEffort;
  #version = 0;
  #faultTold = false;

  constructor(name: string, host: RunDataServices) {
    this.name = name;
    this.#host = host;
    this.devices = host.roster.devices;
    const announce = throttle(() => this.#announce(), ANNOUNCE_MS, host.clock);
    this.#bestEffort = new BestEffort({ onChange: announce });
    this.channel = serveChannel(runDataChannel, {
      calls: {
        all: async () => {
          this.#announce();
          return { version: this.#version, data: this.#bestEffort.data };
        },
      },
      events: { changed: this.changed },
      streams: {},
    });
  }

  #announce(): void {
    const updates = this.#bestEffort.takeUpdates();
    if (updates.length > 0) this.changed.emit({ version: ++this.#version, updates });
  }

  /** What cannot be shown is told once per run: a fault comes back with every event. */
  write(name: DocumentName, doc: Document): void {
    if (name === 'start') this.#faultTold = false;
    try {
      this.#bestEffort.onDocument(name, doc);
    } catch (thrown) {
      if (this.#faultTold) return;
      this.#faultTold = true;
      const words = `Table and plots cannot show a ${name} document: ${asError(thrown).message}`;
      this.#host.loggerFor(this.name).error(words);
    }
  }

  flush(): void {}
}

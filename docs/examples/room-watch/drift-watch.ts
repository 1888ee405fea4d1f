import type { PDevice } from 'redsun/sdk/device';
import type { Document, DocumentName, Event } from 'redsun/sdk/events';
import { Loggable } from 'redsun/sdk/log';
import { defineChannel, Presenter, serveChannel } from 'redsun/sdk/presenter';
import { Signal, type VirtualContainer } from 'redsun/sdk/virtual';
import { z } from 'zod';

const channel = defineChannel({
  name: 'drift-watch',
  calls: { drift: { request: z.void(), response: z.number().nullable(), needs: 'observe' } },
  events: { drifted: { payload: z.number(), retained: true } },
  streams: {},
});

/** Warns when a value leaves the one that a run began with by more than a limit. */
export class DriftWatch extends Loggable(Presenter) {
  static readonly options = z.strictObject({ key: z.string(), limit: z.number().positive() });
  /** How far it has drifted, in the unit of the value. */
  readonly drifted = new Signal<[drift: number]>();
  readonly channel = serveChannel(channel, {
    calls: { drift: async () => this.#drift },
    events: { drifted: this.drifted },
    streams: {},
  });
  readonly #key: string;
  readonly #limit: number;
  #first: number | null = null;
  #drift: number | null = null;

  constructor(name: string, devices: ReadonlyMap<string, PDevice>, options: z.infer<typeof DriftWatch.options>) {
    super(name, devices);
    this.#key = options.key;
    this.#limit = options.limit;
  }

  registerProviders(container: VirtualContainer): void {
    container.registerCallbacks(this);
  }

  onDocument(name: DocumentName, doc: Document): void {
    if (name === 'start') this.#first = null;
    if (name === 'event') this.#look((doc as Event).data[this.#key]);
  }

  #look(value: unknown): void {
    if (typeof value !== 'number') return;
    this.#first ??= value;
    this.#drift = value - this.#first;
    if (Math.abs(this.#drift) <= this.#limit) return;
    this.logger.warning(
      `${this.#key} has drifted by ${this.#drift.toFixed(2)} since the run began (limit ${this.#limit})`,
    );
    this.drifted.emit(this.#drift);
  }
}

import type { PDevice } from 'redsun/sdk/device';
import type { LogRecord } from 'redsun/sdk/log';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import { logChannel } from '../../../shared/channels/log.ts';
import type { HostServices } from '../services.ts';

/** What it is made of. */
export type LogServices = Pick<HostServices, 'log' | 'roster'>;

/** Hands the log to whoever reads it, the past included. */
export class LogPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly written = new Signal<[LogRecord]>();
  readonly #scope = new DisposableStack();

  constructor(name: string, host: LogServices) {
    this.name = name;
    this.devices = host.roster.devices;
    this.#scope.use(host.log.subscribe((record) => this.written.emit(record)));
    this.channel = serveChannel(logChannel, {
      calls: { recent: async () => [...host.log.records] },
      events: { written: this.written },
      streams: {},
    });
  }

  shutdown(): void {
    this.#scope.dispose();
  }
}

import type { PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import { type ControlState, controlChannel } from '../../../shared/channels/control.ts';
import type { ChannelServer } from '../../ipc/channel-server.ts';
import type { HostServices } from '../services.ts';

/** What it is made of. */
export type ControlServices = Pick<HostServices, 'loggerFor' | 'roster'>;

/** Says who has the control, and has it asked for and handed over. */
export class ControlPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[ControlState]>();
  readonly #server: ChannelServer;
  readonly #scope = new DisposableStack();

  constructor(name: string, host: ControlServices, server: ChannelServer) {
    this.name = name;
    this.devices = host.roster.devices;
    this.#server = server;
    const { lease } = server;
    this.channel = serveChannel(controlChannel, {
      calls: {
        ask: async (_, { client }) => ({ granted: lease.ask(client) }),
        answer: async ({ grants }, { client }) => void lease.answer(client, grants),
        release: async (_, { client }) => void lease.release(client),
      },
      events: { changed: this.changed },
      streams: {},
    });
    let holder = lease.state.holder;
    this.#scope.use(
      lease.changed.connect((state) => {
        if (state.holder && state.holder !== holder) host.loggerFor(name).info(`${state.holder.name} has control`);
        holder = state.holder;
        this.announce();
      }),
    );
    this.#scope.use(server.connectionsChanged.connect(() => this.announce()));
  }

  shutdown(): void {
    this.#scope.dispose();
  }

  announce(): void {
    const { holder, asking } = this.#server.lease.state;
    const told = ({ id, name }: { readonly id: string; readonly name: string }) => ({ id, name });
    this.changed.emit({
      holder: holder && told(holder),
      asking: asking && { ...told(asking.client), until: asking.until },
      clients: this.#server.clients.map(told),
    });
  }
}

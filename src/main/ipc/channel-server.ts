import type { Client, ServedChannel } from 'redsun/sdk/presenter';
import { RedsunError, toDisposable } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import type { Transport } from '../../shared/ipc/transport.ts';
import { answerCall } from './answer-call.ts';
import { type ClientInfo, ConnectedClient } from './connected-client.ts';
import { Connection, type ConnectionServer } from './connection.ts';
import type { ControlLease } from './control-lease.ts';

/** The presenters' channels, whatever they are served over. Remembers the last payload of retained events. */
export class ChannelServer implements ConnectionServer {
  /** Somebody asked for something: there is an operator. */
  readonly called = new Signal<[]>();
  readonly connectionsChanged = new Signal<[count: number]>();
  readonly lease: ControlLease;
  readonly onFault: (error: unknown) => void;
  /** For calls from within this program. */
  readonly within = new ConnectedClient({ name: 'this program' });
  readonly #channels = new Map<string, ServedChannel>();
  readonly #retained = new Map<string, unknown>();
  readonly #connections = new Set<Connection>();

  /** @param onFault - told of handlers' errors that no window waits for. */
  constructor(lease: ControlLease, onFault: (error: unknown) => void) {
    this.lease = lease;
    this.onFault = onFault;
  }

  /** Serves a channel until the answer is disposed; what clients hear of it then ends. */
  add(channel: ServedChannel): Disposable {
    const { name } = channel.definition;
    if (this.#channels.has(name)) throw new RedsunError('channel/duplicate', `There is a channel "${name}" already`);
    this.#channels.set(name, channel);
    const scope = new DisposableStack();
    scope.defer(() => this.#channels.delete(name));
    for (const [event, { retained }] of Object.entries(channel.definition.events)) {
      const key = `${name}.${event}`;
      if (!retained) continue;
      const connection = channel.events[event]?.connect((payload) => this.#retained.set(key, payload));
      scope.defer(() => {
        connection?.[Symbol.dispose]();
        this.#retained.delete(key);
      });
    }
    scope.defer(() => {
      for (const connection of this.#connections) connection.forget(name);
    });
    return scope;
  }

  get channels(): ReadonlyMap<string, ServedChannel> {
    return this.#channels;
  }

  /** Everybody who is connected. */
  get clients(): readonly Client[] {
    return [...this.#connections].map(({ client }) => client);
  }

  /** How many windows are connected. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Serves one client until its transport closes. */
  serve(transport: Transport, client: ClientInfo): Disposable {
    const connection = new Connection(this, transport, { ...client, name: this.#unused(client.name) });
    this.#connections.add(connection);
    transport.onClose(() => {
      if (this.#connections.delete(connection)) this.connectionsChanged.emit(this.#connections.size);
    });
    this.connectionsChanged.emit(this.#connections.size);
    connection.start();
    return toDisposable(() => connection.close());
  }

  /** Two browsers on one computer are told apart. */
  #unused(name: string): string {
    const taken = new Set(this.clients.map((client) => client.name));
    for (let number = 2, tried = name; ; tried = `${name} (${number++})`) if (!taken.has(tried)) return tried;
  }

  retained(channel: string, event: string): { readonly value: unknown } | null {
    const key = `${channel}.${event}`;
    return this.#retained.has(key) ? { value: this.#retained.get(key) } : null;
  }

  close(): void {
    for (const connection of [...this.#connections]) connection.close();
    this.#connections.clear();
    this.within[Symbol.dispose]();
  }
}

/** Calls a presenter from within this program, which needs nobody's leave. */
export async function callChannel(
  server: ChannelServer,
  channel: string,
  name: string,
  payload: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { client, resources } = server.within;
  return answerCall(server.channels, { channel, name, payload }, { client, resources, signal }, () => {});
}

import type { Client, StreamSender } from 'redsun/sdk/presenter';
import { type ErrorCode, hasCode, onAbort, RedsunError, shortened } from 'redsun/sdk/util';
import { toWireError } from '../../shared/ipc/errors.ts';
import {
  type ClientMessage,
  clientMessageSchema,
  type HostMessage,
  PROTOCOL_VERSION,
} from '../../shared/ipc/messages.ts';
import type { Transport } from '../../shared/ipc/transport.ts';
import { accepted, answerCall, type Channels, own, requireChannel, unknownMember } from './answer-call.ts';
import { type ClientInfo, ConnectedClient } from './connected-client.ts';
import type { ControlLease } from './control-lease.ts';

/** Frames a stream may send before its receiver asks for more: one on the way while one is drawn. */
const FIRST_CREDITS = 2;
/** Above this a stream waits: the socket is slower than the camera, and old frames are of no use. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

/** Above this, of events that tell a state only the newest is kept for later. */
const MAX_STATE_BACKLOG_BYTES = 4 * 1024 * 1024;
/** Above this nothing waits any more: who reads so slowly is let go, and hears everything anew when it comes back. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Calls, subscriptions and streams that one window may have open. */
const MAX_OPEN = 256;
/** Messages of a window that were none, or that had to be refused, before it is let go. */
const MAX_MALFORMED = 100;
const MAX_REFUSED = 1000;

/** What a connection needs of the server. */
export interface ConnectionServer {
  readonly channels: Channels;
  readonly lease: ControlLease;
  /** Somebody asked for something. */
  readonly called: { emit(): void };
  /** The last payload of an event that tells a state. */
  retained(channel: string, event: string): { readonly value: unknown } | null;
  /** Told of handlers' errors that no window waits for. */
  readonly onFault: (error: unknown) => void;
}

/** A call, a subscription or a stream that goes on. */
interface Opened {
  readonly channel: string;
  end(): void;
}

/** One client: its calls, subscriptions and streams, until its transport closes. */
export class Connection {
  readonly #server: ConnectionServer;
  readonly #transport: Transport;
  readonly #onFault: (error: unknown) => void;
  readonly #who: ConnectedClient;
  /** Running calls, subscriptions and streams: what `cancel` and `close` end. */
  readonly #open = new Map<number, Opened>();
  /** States that a slow reader has not been told yet, by subscription: the newest only. */
  readonly #untold = new Map<number, unknown>();
  #malformed = 0;
  #refused = 0;
  #isClosed = false;
  readonly #credits = new Map<number, (frames: number) => void>();

  constructor(server: ConnectionServer, transport: Transport, info: ClientInfo) {
    this.#server = server;
    this.#transport = transport;
    this.#onFault = server.onFault;
    this.#who = new ConnectedClient(info);
  }

  get client(): Client {
    return this.#who.client;
  }

  start(): void {
    this.#transport.onMessage((raw) => {
      if (this.#isClosed) return;
      this.#tellUntold();
      const parsed = clientMessageSchema.safeParse(raw);
      if (parsed.success) this.#onMessage(parsed.data);
      else this.#onMalformed(parsed.error.issues[0]?.message ?? '');
    });
    this.#transport.onClose(() => {
      if (!this.#isClosed && this.#malformed > 1) {
        const more = `A window sent ${this.#malformed - 1} more messages that are none`;
        this.#onFault(new RedsunError('channel/malformed', more));
      }
      this.#endAll();
    });
    const { id, name } = this.#who.client;
    this.#post({ kind: 'hello', protocol: PROTOCOL_VERSION, client: { id, name } });
  }

  close(): void {
    this.#endAll();
    this.#transport.close();
  }

  /** A presenter is gone: nothing of its channel goes on. */
  forget(channel: string): void {
    for (const [id, opened] of [...this.#open]) {
      if (opened.channel !== channel) continue;
      opened.end();
      this.#open.delete(id);
      this.#untold.delete(id);
      this.#post({
        kind: 'error',
        id,
        error: toWireError(new RedsunError('channel/gone', `${channel} was taken away`)),
      });
    }
  }

  /** The first is told; the others are counted, or they would push everything else out of the log. */
  #onMalformed(why: string): void {
    this.#malformed += 1;
    if (this.#malformed === 1) {
      this.#onFault(new RedsunError('channel/malformed', `A window sent what is no message: ${shortened(why)}`));
    }
    if (this.#malformed < MAX_MALFORMED) return;
    this.#letGo('channel/malformed', `it sent ${this.#malformed} messages that are none`);
  }

  #refuse(id: number, error: unknown): void {
    this.#post({ kind: 'error', id, error: toWireError(error) });
    this.#refused += 1;
    if (this.#refused >= MAX_REFUSED) this.#letGo('channel/refused', `${this.#refused} of its messages were refused`);
  }

  #letGo(code: ErrorCode, why: string): void {
    if (this.#isClosed) return;
    this.#onFault(new RedsunError(code, `The connection of a window was closed: ${why}`));
    this.#endAll();
    this.#transport.close(why);
  }

  #post(message: HostMessage): void {
    if (this.#isClosed) return;
    const { backlogBytes } = this.#transport;
    if (backlogBytes > MAX_WAITING_BYTES) {
      this.#letGo('channel/slow', `it left ${Math.round(backlogBytes / 1e6)} MB unread`);
      return;
    }
    this.#transport.post(message);
  }

  /** @param isState - the next one makes this one worthless. */
  #postEvent(id: number, payload: unknown, isState: boolean): void {
    if (isState && this.#transport.backlogBytes > MAX_STATE_BACKLOG_BYTES) this.#untold.set(id, payload);
    else {
      this.#untold.delete(id);
      this.#post({ kind: 'event', id, payload });
    }
  }

  /** A window says something at least every few seconds: it pings. */
  #tellUntold(): void {
    if (this.#untold.size === 0 || this.#transport.backlogBytes > MAX_STATE_BACKLOG_BYTES) return;
    for (const [id, payload] of [...this.#untold]) this.#postEvent(id, payload, true);
  }

  #endAll(): void {
    this.#isClosed = true;
    this.#untold.clear();
    for (const { end } of [...this.#open.values()]) end();
    this.#open.clear();
    this.#server.lease.release(this.#who.client);
    this.#who[Symbol.dispose]();
  }

  #onMessage(message: ClientMessage): void {
    switch (message.kind) {
      case 'call':
        if (this.#mayOpen(message.id)) void this.#call(message);
        return;
      case 'subscribe':
        this.#guard(message.id, () => this.#subscribe(message));
        return;
      case 'open':
        this.#guard(message.id, () => this.#openStream(message));
        return;
      case 'credit':
        this.#credits.get(message.id)?.(message.frames);
        return;
      case 'cancel':
      case 'close':
        this.#open.get(message.id)?.end();
        this.#open.delete(message.id);
        this.#untold.delete(message.id);
        return;
      case 'ping':
        this.#post({ kind: 'pong' });
        return;
    }
  }

  #guard(id: number, action: () => void): void {
    if (!this.#mayOpen(id)) return;
    try {
      action();
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  /** An id stands for one thing at a time, or nobody could end the first; and there is an end to what one window may ask for. */
  #mayOpen(id: number): boolean {
    if (this.#open.has(id)) {
      this.#refuse(id, new RedsunError('channel/id-in-use', `The id ${id} is in use`));
      return false;
    }
    if (this.#open.size < MAX_OPEN) return true;
    this.#refuse(id, new RedsunError('channel/too-many', `More than ${MAX_OPEN} calls and subscriptions are open`));
    return false;
  }

  async #call(message: Extract<ClientMessage, { kind: 'call' }>): Promise<void> {
    const { id, channel } = message;
    this.#server.called.emit();
    const controller = new AbortController();
    const end = () => controller.abort(new RedsunError('channel/cancelled', 'The caller gave up'));
    this.#open.set(id, { channel, end });
    try {
      const { client, resources } = this.#who;
      const context = { client, resources, signal: controller.signal };
      const value = await answerCall(this.#server.channels, message, context, (needs, what) =>
        this.#server.lease.require(client, needs, what),
      );
      if (this.#open.has(id)) this.#post({ kind: 'result', id, value });
    } catch (error) {
      const isRefused = hasCode(error, 'channel/unknown') || hasCode(error, 'channel/bad-request');
      if (this.#open.has(id) && isRefused) this.#refuse(id, error);
      else if (this.#open.has(id)) this.#post({ kind: 'error', id, error: toWireError(error) });
      else if (!isRefused && !hasCode(error, 'channel/cancelled')) this.#onFault(error);
    } finally {
      this.#open.delete(id);
    }
  }

  #subscribe({ id, channel, event }: Extract<ClientMessage, { kind: 'subscribe' }>): void {
    const served = requireChannel(this.#server.channels, channel);
    const signal = own(served.events, event);
    if (!signal) throw unknownMember(served.definition, 'event', event, Object.keys(served.definition.events));
    const isState = own(served.definition.events, event)?.retained ?? false;
    const slot = signal.connect((payload) => this.#postEvent(id, payload, isState));
    this.#open.set(id, { channel, end: () => slot[Symbol.dispose]() });
    const last = this.#server.retained(channel, event);
    if (last) this.#post({ kind: 'event', id, payload: last.value });
  }

  #openStream({ id, channel, stream, params }: Extract<ClientMessage, { kind: 'open' }>): void {
    const served = requireChannel(this.#server.channels, channel);
    const definition = own(served.definition.streams, stream);
    const handler = own(served.streams, stream);
    if (!definition || !handler) {
      throw unknownMember(served.definition, 'stream', stream, Object.keys(served.definition.streams));
    }
    const checked = accepted(definition.params, params, `${channel}.${stream}`);
    const controller = new AbortController();
    const sender = this.#sender(id, controller.signal);
    const end = () => {
      this.#credits.delete(id);
      controller.abort(new RedsunError('channel/cancelled', 'The stream was closed'));
    };
    this.#open.set(id, { channel, end });
    handler(checked as never, sender as never).then(
      () => this.#open.delete(id) && this.#post({ kind: 'end', id }),
      (error: unknown) => {
        if (!controller.signal.aborted) this.#post({ kind: 'error', id, error: toWireError(error) });
        this.#open.delete(id);
      },
    );
  }

  #sender(id: number, signal: AbortSignal): StreamSender<unknown> {
    let credits = FIRST_CREDITS;
    let wake: (() => void) | null = null;
    this.#credits.set(id, (frames) => {
      credits += frames;
      wake?.();
    });
    const transport = this.#transport;
    return {
      client: this.#who.client,
      signal,
      async ready() {
        while (credits <= 0 || transport.backlogBytes > MAX_BACKLOG_BYTES) {
          signal.throwIfAborted();
          await new Promise<void>((resolve) => {
            const listener = onAbort(signal, () => resolve());
            wake = () => {
              listener[Symbol.dispose]();
              resolve();
            };
          });
        }
        signal.throwIfAborted();
      },
      send: (header, payload) => {
        credits--;
        this.#post({ kind: 'frame', id, header, payload });
      },
    };
  }
}

import type { ChannelDefinition } from 'redsun/sdk/presenter';
import { asError, type Clock, onAbort, RedsunError, type Schema, toDisposable, validateNow } from 'redsun/sdk/util';
import type { Bridge, BridgeState, ChannelClient } from './bridge.ts';
import { fromWireError } from './errors.ts';
import { type ClientMessage, type HostMessage, hostMessageSchema, PROTOCOL_VERSION } from './messages.ts';
import type { Transport } from './transport.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
const PING_MS = 4_000;

/** Opens one connection. @throws RedsunError `channel/refused` when it is of no use to try again. */
export type Connect = () => Promise<Transport>;

interface Pending {
  readonly message: ClientMessage;
  readonly settle: (result: { readonly value: unknown } | { readonly error: Error }) => void;
}
interface Subscription {
  readonly message: ClientMessage;
  readonly deliver: (message: HostMessage) => void;
}

/** Connects to the host, and again whenever the connection is lost; subscriptions and streams are renewed. */
export function createBridge(connect: Connect, clock: Pick<Clock, 'setTimeout' | 'monotonicMs'>): Bridge & Disposable {
  let state: BridgeState = { kind: 'connecting' };
  let transport: Transport | null = null;
  let nextId = 1;
  let retryMs = FIRST_RETRY_MS;
  let lastHeardMs = 0;
  let disposed = false;
  const stateListeners = new Set<(state: BridgeState) => void>();
  const pending = new Map<number, Pending>();
  const subscriptions = new Map<number, Subscription>();

  const setState = (next: BridgeState) => {
    state = next;
    for (const listener of [...stateListeners]) listener(next);
  };
  const post = (message: ClientMessage) => {
    if (state.kind === 'open') transport?.post(message);
  };

  const onLost = (reason: string) => {
    if (disposed || state.kind === 'lost') return;
    transport?.close();
    transport = null;
    setState({ kind: 'lost', reason });
    for (const [id, call] of [...pending]) {
      pending.delete(id);
      call.settle({ error: new RedsunError('channel/lost', `The host was lost while it was asked: ${reason}`) });
    }
    clock.setTimeout(open, retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  };

  const onMessage = (raw: unknown) => {
    lastHeardMs = clock.monotonicMs();
    const parsed = hostMessageSchema.safeParse(raw);
    if (!parsed.success) return onLost(`it sent what is no message: ${parsed.error.message}`);
    const message = parsed.data;
    switch (message.kind) {
      case 'hello':
        if (message.protocol !== PROTOCOL_VERSION) {
          setState({
            kind: 'refused',
            reason: `host speaks version ${message.protocol}, this window ${PROTOCOL_VERSION}`,
          });
          return;
        }
        retryMs = FIRST_RETRY_MS;
        // What waits goes first: who hears that it is open asks for more, and that must not be sent twice.
        state = { kind: 'open', me: message.client };
        for (const { message: renew } of subscriptions.values()) post(renew);
        for (const { message: waiting } of pending.values()) post(waiting);
        setState(state);
        return;
      case 'result':
      case 'error': {
        const call = pending.get(message.id);
        if (call) {
          pending.delete(message.id);
          call.settle(message.kind === 'result' ? { value: message.value } : { error: fromWireError(message.error) });
        } else if (message.kind === 'error') subscriptions.get(message.id)?.deliver(message);
        return;
      }
      case 'event':
      case 'frame':
      case 'end':
        subscriptions.get(message.id)?.deliver(message);
        return;
      case 'pong':
    }
  };

  let beating: Disposable | null = null;
  const beat = () => {
    if (disposed) return;
    if (state.kind === 'open') {
      const silentMs = clock.monotonicMs() - lastHeardMs;
      if (silentMs > PING_MS * 2.5) onLost(`silent for ${Math.round(silentMs)} ms`);
      else post({ kind: 'ping' });
    }
    beating = clock.setTimeout(beat, PING_MS);
  };

  const open = () => {
    if (disposed) return;
    connect().then(
      (opened) => {
        if (disposed) return opened.close();
        transport = opened;
        lastHeardMs = clock.monotonicMs();
        setState({ kind: 'connecting' });
        opened.onMessage((message) => opened === transport && onMessage(message));
        opened.onClose((reason) => opened === transport && onLost(reason));
      },
      (thrown: unknown) => {
        const error = asError(thrown);
        if (error instanceof RedsunError && error.code === 'channel/refused') {
          setState({ kind: 'refused', reason: error.message });
        } else {
          state = { kind: 'connecting' };
          onLost(error.message);
        }
      },
    );
  };

  const channel = <C extends ChannelDefinition>(definition: C): ChannelClient<C> => ({
    call(name, request, options = {}) {
      const call = definition.calls[name];
      if (!call) return Promise.reject(new RedsunError('channel/unknown', `No call ${definition.name}.${name}`));
      const timeoutMs = call.timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : call.timeoutMs;
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const { signal } = options;
        if (signal?.aborted) return reject(signal.reason);
        const giveUp = (error: unknown) => {
          if (!pending.delete(id)) return;
          cleanUp();
          post({ kind: 'cancel', id });
          reject(error);
        };
        const what = `${definition.name}.${name}`;
        const timer =
          timeoutMs === null
            ? toDisposable(() => {})
            : clock.setTimeout(
                () => giveUp(new RedsunError('channel/timeout', `${what}: no answer in ${timeoutMs} ms`)),
                timeoutMs,
              );
        const abort = signal ? onAbort(signal, () => giveUp(signal.reason)) : toDisposable(() => {});
        const cleanUp = () => {
          timer[Symbol.dispose]();
          abort[Symbol.dispose]();
        };
        const message: ClientMessage = { kind: 'call', id, channel: definition.name, name, payload: request };
        pending.set(id, {
          message,
          settle: (result) => {
            cleanUp();
            if ('error' in result) return reject(result.error);
            try {
              resolve(received(call.response, result.value, what) as never);
            } catch (error) {
              reject(error);
            }
          },
        });
        post(message);
      });
    },

    on(name, listener) {
      const id = nextId++;
      const schema = definition.events[name]?.payload;
      if (!schema) throw new RedsunError('channel/unknown', `No event ${definition.name}.${name}`);
      const message: ClientMessage = { kind: 'subscribe', id, channel: definition.name, event: name };
      subscriptions.set(id, {
        message,
        deliver: (got) => {
          if (got.kind === 'event') listener(received(schema, got.payload, `${definition.name}.${name}`) as never);
        },
      });
      post(message);
      return toDisposable(() => {
        subscriptions.delete(id);
        post({ kind: 'close', id });
      });
    },

    stream(name, params, onFrame, onError) {
      const id = nextId++;
      const schema = definition.streams[name]?.header;
      if (!schema) throw new RedsunError('channel/unknown', `No stream ${definition.name}.${name}`);
      const message: ClientMessage = { kind: 'open', id, channel: definition.name, stream: name, params };
      const deliver = (got: HostMessage) => {
        if (got.kind === 'error') return onError?.(fromWireError(got.error));
        if (got.kind !== 'frame') return;
        Promise.resolve(onFrame(received(schema, got.header, name) as never, got.payload))
          .catch((thrown: unknown) => onError?.(asError(thrown)))
          .finally(() => subscriptions.has(id) && post({ kind: 'credit', id, frames: 1 }));
      };
      subscriptions.set(id, { message, deliver });
      post(message);
      return toDisposable(() => {
        subscriptions.delete(id);
        post({ kind: 'close', id });
      });
    },
  });

  open();
  beating = clock.setTimeout(beat, PING_MS);
  return {
    get state() {
      return state;
    },
    onState(listener) {
      stateListeners.add(listener);
      return toDisposable(() => void stateListeners.delete(listener));
    },
    channel,
    [Symbol.dispose]() {
      disposed = true;
      beating?.[Symbol.dispose]();
      transport?.close();
    },
  };
}

function received<Output>(schema: Schema<Output>, value: unknown, what: string): Output {
  const result = validateNow(schema, value);
  if (!result.issues) return result.value;
  const issue = result.issues[0];
  throw new RedsunError('channel/malformed', `${what}: the host sent something else: ${issue?.message ?? 'unknown'}`);
}

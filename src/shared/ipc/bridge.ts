import type { ChannelDefinition, EventOf, RequestOf, ResponseOf } from 'redsun/sdk/presenter';
import type { SchemaOutput } from 'redsun/sdk/util';

export type BridgeState =
  | { readonly kind: 'connecting' }
  /** `me`: who this window is for the host. */
  | { readonly kind: 'open'; readonly me: { readonly id: string; readonly name: string } }
  /** The host is out of reach; it is tried again by itself. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** Not tried again: the token was refused. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What a view gets for a channel that it declared. */
export interface ChannelClient<C extends ChannelDefinition> {
  /** Rejects with a RedsunError that carries the host's code, message and cause; `channel/timeout`, `channel/lost`. */
  call<K extends keyof C['calls'] & string>(
    name: K,
    request: RequestOf<C, K>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<ResponseOf<C, K>>;
  /** A retained event is delivered at once when the host has one, and again after a reconnect. */
  on<K extends keyof C['events'] & string>(name: K, listener: (payload: EventOf<C, K>) => void): Disposable;
  /** `onFrame`'s promise is the back-pressure: the next frame is asked for when it resolves. Survives reconnects. */
  stream<K extends keyof C['streams'] & string>(
    name: K,
    params: SchemaOutput<C['streams'][K]['params']>,
    onFrame: (header: SchemaOutput<C['streams'][K]['header']>, payload: Uint8Array) => void | Promise<void>,
    onError?: (error: Error) => void,
  ): Disposable;
}

/** The window's only way to the host. */
export interface Bridge {
  readonly state: BridgeState;
  onState(listener: (state: BridgeState) => void): Disposable;
  channel<C extends ChannelDefinition>(definition: C): ChannelClient<C>;
}

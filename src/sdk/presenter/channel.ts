import type { Schema, SchemaOutput } from '../util/schema.ts';
import type { Signal } from '../virtual/signal.ts';
import type { CallContext, Client, ClientRole } from './client.ts';

/** A question with one answer: `acquisition.run`. */
export interface CallDefinition {
  /** Of the question. */
  readonly request: Schema;
  /** Of the answer. */
  readonly response: Schema;
  /** Without an answer after this long the caller gets `channel/timeout`. Default 10 000. null: as long as it takes. */
  readonly timeoutMs?: number | null;
  /**
   * `observe`: everybody may ask at any time. `operate`: it changes what the microscope does or is set to, which one operator does at a
   * time. `administer`: how it is set up. Default: operate.
   */
  readonly needs?: ClientRole;
}

/** A fact that is announced: `positioner.moved`. */
export interface EventDefinition {
  /** Of what is told. */
  readonly payload: Schema;
  /** True: whoever subscribes gets the last one at once. For events that tell a state. */
  readonly retained?: boolean;
}

/** Binary frames with a header, paced by the receiver: the newest wins, nothing queues up. */
export interface StreamDefinition {
  /** Of what the receiver asks for. */
  readonly params: Schema;
  /** Of what goes with each frame. */
  readonly header: Schema;
}

/** What a presenter offers to views, scripts and remote clients; one schema each. */
export interface ChannelDefinition {
  /** Unique in the session: `acquisition`. */
  readonly name: string;
  /** Questions, by name. */
  readonly calls: Readonly<Record<string, CallDefinition>>;
  /** Facts that are announced, by name. */
  readonly events: Readonly<Record<string, EventDefinition>>;
  /** Streams of frames, by name. */
  readonly streams: Readonly<Record<string, StreamDefinition>>;
}

/** Declares a channel; its types are derived from the schemas on both sides. */
export function defineChannel<const C extends ChannelDefinition>(definition: C): C {
  return definition;
}

/** What a question looks like. */
export type RequestOf<C extends ChannelDefinition, K extends keyof C['calls']> = SchemaOutput<C['calls'][K]['request']>;
/** What its answer looks like. */
export type ResponseOf<C extends ChannelDefinition, K extends keyof C['calls']> = SchemaOutput<
  C['calls'][K]['response']
>;
/** What a fact looks like. */
export type EventOf<C extends ChannelDefinition, K extends keyof C['events']> = SchemaOutput<C['events'][K]['payload']>;

/** The sending end of a stream. */
export interface StreamSender<Header> {
  /** Who receives. */
  readonly client: Client;
  /** Aborts when the receiver has gone or unsubscribed. */
  readonly signal: AbortSignal;
  /** Resolves when the receiver wants a frame; rejects with the signal's reason. */
  ready(): Promise<void>;
  /** Sends a frame; `payload` is copied or handed over before it returns. */
  send(header: Header, payload: Uint8Array): void;
}

/** What answers the questions of a channel. */
export type CallHandlers<C extends ChannelDefinition> = {
  readonly [K in keyof C['calls']]: (request: RequestOf<C, K>, context: CallContext) => Promise<ResponseOf<C, K>>;
};
/** What announces the facts of a channel. */
export type EventSignals<C extends ChannelDefinition> = {
  readonly [K in keyof C['events']]: Signal<[payload: EventOf<C, K>]>;
};
/** What feeds the streams of a channel; each call serves one receiver, and ends when it has gone. */
export type StreamHandlers<C extends ChannelDefinition> = {
  readonly [K in keyof C['streams']]: (
    params: SchemaOutput<C['streams'][K]['params']>,
    sender: StreamSender<SchemaOutput<C['streams'][K]['header']>>,
  ) => Promise<void>;
};

/** A channel with what answers it. A presenter has one as its field `channel`. */
export interface ServedChannel<C extends ChannelDefinition = ChannelDefinition> {
  /** What it offers. */
  readonly definition: C;
  /** What answers its questions. */
  readonly calls: CallHandlers<C>;
  /** What announces its facts. */
  readonly events: EventSignals<C>;
  /** What feeds its streams. */
  readonly streams: StreamHandlers<C>;
}

/** Ties a definition to its handlers, checked by the compiler, and forgets the types for the bridge. */
export function serveChannel<C extends ChannelDefinition>(
  definition: C,
  served: Omit<ServedChannel<C>, 'definition'>,
): ServedChannel {
  return { definition, ...served } as unknown as ServedChannel;
}

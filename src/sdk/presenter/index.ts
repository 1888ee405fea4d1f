export {
  type CallDefinition,
  type CallHandlers,
  type ChannelDefinition,
  defineChannel,
  type EventDefinition,
  type EventOf,
  type EventSignals,
  type RequestOf,
  type ResponseOf,
  type ServedChannel,
  type StreamDefinition,
  type StreamHandlers,
  type StreamSender,
  serveChannel,
} from './channel.ts';
export type { CallContext, Client, ClientResources, ClientRole } from './client.ts';
export { isPPresenter, type PPresenter, Presenter } from './presenter.ts';

export {
  type CallbackType,
  callbackFunction,
  type DocumentListener,
  type HasShutdown,
  hasShutdown,
  type IsInjectable,
  type IsProvider,
  isInjectable,
  isProvider,
  type Named,
  type ProviderKey,
  type RedSunConfig,
  type SignalCache,
  VirtualContainer,
} from './container.ts';
export { isSignal, Signal } from './signal.ts';

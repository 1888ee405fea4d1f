import { type DocumentRouter, isDocumentRouter } from '../events/document-router.ts';
import type { Document, DocumentCallback, DocumentName } from '../events/documents.ts';
import { KeyError, RuntimeError } from '../util/errors.ts';
import { isSignal, type Signal } from './signal.ts';

/** Head of a session file, in its own spelling. */
export interface RedSunConfig {
  readonly schema_version: number;
  readonly frontend: string;
  readonly session?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export type CallbackType = DocumentCallback | DocumentRouter | { onDocument(name: DocumentName, doc: Document): void };
export type SignalCache = ReadonlyMap<string, Signal<unknown[]>>;

/** Names a thing in the container and carries its type. */
export interface ProviderKey<T> {
  readonly name: string;
  readonly type?: T;
}

/** Has clean-up to do when the session ends. */
export interface HasShutdown {
  shutdown(): void | Promise<void>;
}
export interface IsProvider {
  registerProviders(container: VirtualContainer): void;
}
export interface IsInjectable {
  injectDependencies(container: VirtualContainer): void;
}

const method =
  <T>(name: string) =>
  (value: unknown): value is T =>
    typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[name] === 'function';
export const hasShutdown = method<HasShutdown>('shutdown');
export const isProvider = method<IsProvider>('registerProviders');
export const isInjectable = method<IsInjectable>('injectDependencies');

interface Named {
  readonly name: string;
}

/** Where the parts of a session find each other: signals, document callbacks and shared things, by name. */
export class VirtualContainer {
  readonly #signals = new Map<string, SignalCache>();
  readonly #callbacks = new Map<string, CallbackType>();
  readonly #provided = new Map<string, unknown>();
  #config: Required<RedSunConfig> | null = null;

  /** Once, before anything reads it. @throws RuntimeError the second time. */
  setConfiguration(config: RedSunConfig): void {
    if (this.#config) throw new RuntimeError('VirtualContainer is configured already');
    this.#config = { session: 'redsun', metadata: {}, ...config };
  }

  get schemaVersion(): number {
    return this.#configured.schema_version;
  }
  get frontend(): string {
    return this.#configured.frontend;
  }
  get session(): string {
    return this.#configured.session;
  }
  get metadata(): Readonly<Record<string, unknown>> {
    return this.#configured.metadata;
  }

  /** Lists the Signals among the owner's own fields under `name`; getters are never called. */
  registerSignals(owner: Named, options: { readonly name?: string; readonly only?: Iterable<string> } = {}): void {
    const only = options.only ? new Set(options.only) : null;
    const found = Object.getOwnPropertyNames(owner)
      .filter((field) => !only || only.has(field))
      .sort()
      .flatMap((field) => {
        const value = Object.getOwnPropertyDescriptor(owner, field)?.value;
        return isSignal(value) ? [[field, value] as const] : [];
      });
    if (found.length > 0) this.#signals.set(options.name ?? owner.name, new Map(found));
  }

  /** Lists document callbacks: the owner itself, or each entry of the map. All are checked before one is registered. */
  registerCallbacks(
    owner: Named,
    options: { readonly name?: string; readonly callbackMap?: Readonly<Record<string, CallbackType>> } = {},
  ): void {
    const entries = options.callbackMap ? Object.entries(options.callbackMap) : [[options.name ?? owner.name, owner]];
    for (const [, callback] of entries) checkCallback(callback);
    for (const [key, callback] of entries) this.#callbacks.set(String(key), callback as CallbackType);
  }

  get callbacks(): ReadonlyMap<string, CallbackType> {
    return new Map(this.#callbacks);
  }

  get signals(): ReadonlyMap<string, SignalCache> {
    return new Map(this.#signals);
  }

  provide<T>(key: ProviderKey<T>, value: T): void {
    this.#provided.set(key.name, value);
  }

  /** @throws KeyError when nobody provided it. */
  require<T>(key: ProviderKey<T>): T {
    if (!this.#provided.has(key.name)) throw new KeyError(`Nobody provides "${key.name}"`);
    return this.#provided.get(key.name) as T;
  }

  tryRequire<T>(key: ProviderKey<T>): T | undefined {
    return this.#provided.get(key.name) as T | undefined;
  }

  get #configured(): Required<RedSunConfig> {
    if (!this.#config) throw new RuntimeError('VirtualContainer is not configured');
    return this.#config;
  }
}

const hasOnDocument = method<{ onDocument: unknown }>('onDocument');

function checkCallback(callback: unknown): void {
  if (isDocumentRouter(callback) || hasOnDocument(callback)) return;
  if (typeof callback !== 'function') {
    throw new TypeError(
      `${String(callback)} is not callable. A callback must be a DocumentRouter subclass instance or a callable accepting (str, Document) arguments.`,
    );
  }
  // 0 may be rest arguments; 1 or more than 2 cannot take (name, document).
  if (callback.length === 1 || callback.length > 2) {
    throw new TypeError(
      `${callback.name || 'callback'} is callable but its signature is not compatible with the expected (str, Document) callback interface.`,
    );
  }
}

/** Any form of callback as a function. */
export function callbackFunction(callback: CallbackType): DocumentCallback {
  return typeof callback === 'function' ? callback : (name, doc) => callback.onDocument(name, doc);
}

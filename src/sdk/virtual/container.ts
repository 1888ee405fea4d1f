import { type DocumentRouter, isDocumentRouter } from '../events/document-router.ts';
import type { Document, DocumentCallback, DocumentName } from '../events/documents.ts';
import type { Logger } from '../log/logger.ts';
import { asError, KeyError, RuntimeError } from '../util/errors.ts';
import { isSignal, type Signal } from './signal.ts';

/** Head of a session file, in its own spelling. */
export interface RedSunConfig {
  /** Of the session file: 1. */
  readonly schema_version: number;
  /** What shows the session: `electron`. */
  readonly frontend: string;
  /** Name of the session. Default `redsun`. */
  readonly session?: string;
  /** Goes into every start document. Default empty. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Takes documents: a function of name and document, a router, or an object with such a method. */
export type CallbackType = DocumentCallback | DocumentRouter | DocumentListener;

/** Takes documents. */
export interface DocumentListener {
  /** Called with every document, in order. */
  onDocument(name: DocumentName, doc: Document): void;
}

/** Signals of an owner, by the name of the field. */
export type SignalCache = ReadonlyMap<string, Signal<unknown[]>>;

/** Names a thing in the container and carries its type. */
export interface ProviderKey<T> {
  /** Unique in the session; what a bundle provides begins with its own name. */
  readonly name: string;
  /** For the compiler only. */
  readonly type?: T;
}

/** Has clean-up to do when the session ends. */
export interface HasShutdown {
  /** Ends what was begun; called once, after all that was built later has ended. */
  shutdown(): void | Promise<void>;
}
/** Has things for the others. */
export interface IsProvider {
  /** Puts them into the container; called when all parts of the session exist. */
  registerProviders(container: VirtualContainer): void;
}
/** Needs things of the others. */
export interface IsInjectable {
  /** Takes them out of the container; called when everybody has provided. */
  injectDependencies(container: VirtualContainer): void;
}

function hasMethod(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';
}

/** True when `value` has a method `shutdown`. */
export function hasShutdown(value: unknown): value is HasShutdown {
  return hasMethod(value, 'shutdown');
}

/** True when `value` has a method `registerProviders`. */
export function isProvider(value: unknown): value is IsProvider {
  return hasMethod(value, 'registerProviders');
}

/** True when `value` has a method `injectDependencies`. */
export function isInjectable(value: unknown): value is IsInjectable {
  return hasMethod(value, 'injectDependencies');
}

/** Whoever registers something. */
export interface Named {
  /** The key that things are registered under. */
  readonly name: string;
}

/** Where the parts of a session find each other: signals, document callbacks and shared things, by name. */
export class VirtualContainer {
  readonly #signals = new Map<string, SignalCache>();
  readonly #callbacks = new Map<string, CallbackType>();
  readonly #provided = new Map<string, unknown>();
  readonly #logger: Logger | null;
  #config: Required<RedSunConfig> | null = null;

  /** @param options - `logger` hears of signals that are not there, and of slots that throw. Default: nobody. */
  constructor(options: { readonly logger?: Logger } = {}) {
    this.#logger = options.logger ?? null;
  }

  /**
   * The head of the session file, once. `metadata` is kept by reference, other keys are passed over.
   * @throws KeyError when `schema_version` or `frontend` is absent; RuntimeError the second time.
   */
  setConfiguration(config: RedSunConfig): void {
    if (this.#config) throw new RuntimeError('VirtualContainer is configured already');
    for (const key of ['schema_version', 'frontend'] as const) {
      if (config[key] === undefined) throw new KeyError(`The configuration has no "${key}"`);
    }
    const { schema_version, frontend, session = 'redsun', metadata = {} } = config;
    this.#config = { schema_version, frontend, session, metadata };
  }

  /** Of the session file. @throws RuntimeError before `setConfiguration`. */
  get schemaVersion(): number {
    return this.#configured.schema_version;
  }
  /** What shows the session. @throws RuntimeError before `setConfiguration`. */
  get frontend(): string {
    return this.#configured.frontend;
  }
  /** Name of the session. @throws RuntimeError before `setConfiguration`. */
  get session(): string {
    return this.#configured.session;
  }
  /** Goes into every start document. @throws RuntimeError before `setConfiguration`. */
  get metadata(): Readonly<Record<string, unknown>> {
    return this.#configured.metadata;
  }

  /**
   * Lists the Signals among the owner's own fields, by name, in place of what was listed under the same key; getters are never called.
   * Names in `only` that are no signals are logged and passed over, as is an owner without any.
   * @throws TypeError when neither `name` nor the owner's name is a text.
   */
  registerSignals(owner: Named, options: { readonly name?: string; readonly only?: Iterable<string> } = {}): void {
    const key = keyOf(owner, options.name);
    const only = options.only ? new Set(options.only) : null;
    const found = Object.getOwnPropertyNames(owner)
      .filter((field) => !only || only.has(field))
      .sort()
      .flatMap((field) => {
        const value = Object.getOwnPropertyDescriptor(owner, field)?.value;
        return isSignal(value) ? [[field, value] as const] : [];
      });
    const names = new Set(found.map(([field]) => field));
    for (const asked of only ?? []) if (!names.has(asked)) this.#logger?.warning(`${key}: "${asked}" is no signal`);
    if (found.length === 0) {
      this.#logger?.warning(`${key}: there are no signals to register`);
      return;
    }
    const logger = this.#logger;
    if (logger) {
      for (const [field, signal] of found) {
        signal.onSlotError = (error) => logger.error(`${key}.${field}: a slot failed: ${asError(error).message}`);
      }
    }
    this.#signals.set(key, new Map(found));
  }

  /**
   * Lists document callbacks: the owner itself, or each entry of the map instead. All are checked before one is registered.
   * A callback declares two parameters, `(name, document)`; more only if they have defaults.
   * @throws TypeError for what cannot be called so, and for an owner without a name.
   */
  registerCallbacks(
    owner: Named,
    options: { readonly name?: string; readonly callbackMap?: Readonly<Record<string, CallbackType>> } = {},
  ): void {
    const entries = options.callbackMap ? Object.entries(options.callbackMap) : [[keyOf(owner, options.name), owner]];
    for (const [, callback] of entries) checkCallback(callback);
    for (const [key, callback] of entries) this.#callbacks.set(String(key), callback as CallbackType);
  }

  /** What was registered, in that order: a copy. */
  get callbacks(): ReadonlyMap<string, CallbackType> {
    return new Map(this.#callbacks);
  }

  /** What was registered, by owner: a copy. */
  get signals(): ReadonlyMap<string, SignalCache> {
    return new Map(this.#signals);
  }

  /** Puts something in, in place of what was there. */
  provide<T>(key: ProviderKey<T>, value: T): void {
    this.#provided.set(key.name, value);
  }

  /** Takes something out. @throws KeyError when nobody provided it. */
  require<T>(key: ProviderKey<T>): T {
    if (!this.#provided.has(key.name)) throw new KeyError(`Nobody provides "${key.name}"`);
    return this.#provided.get(key.name) as T;
  }

  /** Takes something out; undefined when nobody provided it. */
  tryRequire<T>(key: ProviderKey<T>): T | undefined {
    return this.#provided.get(key.name) as T | undefined;
  }

  /** Names of what was provided. */
  get provided(): readonly string[] {
    return [...this.#provided.keys()];
  }

  get #configured(): Required<RedSunConfig> {
    if (!this.#config) throw new RuntimeError('VirtualContainer is not configured');
    return this.#config;
  }
}

function keyOf(owner: Named, name: string | undefined): string {
  const key: unknown = name ?? owner.name;
  if (typeof key === 'string' && key !== '') return key;
  throw new TypeError(`A name must be a text that is not empty, got ${String(key)}`);
}

function checkCallback(callback: unknown): void {
  if (isDocumentRouter(callback)) return;
  const method: unknown = hasMethod(callback, 'onDocument') ? Reflect.get(callback as object, 'onDocument') : callback;
  if (typeof method !== 'function') {
    throw new TypeError(
      `${String(callback)} is not callable. A callback must be a DocumentRouter subclass instance or a callable accepting (str, Document) arguments.`,
    );
  }
  if (takesNameAndDocument(method)) return;
  const shown = typeof callback === 'function' ? callback.name || 'callback' : String(callback);
  throw new TypeError(
    `${shown} is callable but its signature is not compatible with the expected (str, Document) callback interface.`,
  );
}

/** None may be rest arguments; one or more than two cannot take (name, document); a class needs `new`. */
function takesNameAndDocument(callback: { readonly length: number }): boolean {
  const isClass = /^class\b/.test(Function.prototype.toString.call(callback));
  return !isClass && (callback.length === 0 || callback.length === 2);
}

/** Any form of callback as a function. */
export function callbackFunction(callback: CallbackType): DocumentCallback {
  return typeof callback === 'function' ? callback : (name, doc) => callback.onDocument(name, doc);
}

import {
  describeLink,
  type Exchange,
  type ExchangeOptions,
  type Link,
  type LinkOptions,
  type ReplyFraming,
  type SafeState,
} from 'redsun/sdk/device';
import { type RedsunError, toDisposable } from 'redsun/sdk/util';
import { bytesToText, type DoneValue, type HostRequest, textToBytes } from '../../guardian/messages.ts';

/** Longest time that writing without an answer may take, ms. */
const WRITE_MS = 1_000;

/** Who passes a link's requests on. */
export interface LinkHolder {
  /** @throws RedsunError with the code of the guardian */
  ask(request: HostRequest, signal?: AbortSignal): Promise<DoneValue>;
  /** The link is closed. */
  forget(link: number): void;
}

/** A link whose port belongs to the guardian. */
export class GuardedLink implements Link {
  readonly description: string;
  readonly options: LinkOptions;
  readonly owner: string;
  readonly #number: number;
  readonly #guardian: LinkHolder;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #states = new Map<string, SafeState>();
  readonly #decoder = new TextDecoder();
  #lost: RedsunError | null = null;

  constructor(number: number, options: LinkOptions, owner: string, guardian: LinkHolder) {
    this.#number = number;
    this.options = options;
    this.owner = owner;
    this.#guardian = guardian;
    this.description = describeLink(options);
  }

  /** What another guardian has to know. */
  get states(): readonly SafeState[] {
    return [...this.#states.values()];
  }

  query(line: string, options: ExchangeOptions): Promise<string> {
    return this.#query(line, options, this.owner);
  }

  exchange(bytes: Uint8Array, options: ExchangeOptions & { readonly reply: ReplyFraming }): Promise<Uint8Array> {
    return this.#exchange(bytes, options, this.owner);
  }

  send(line: string): Promise<void> {
    return this.#send(line, this.owner);
  }

  /** The same link, whose exchanges are recorded under another name. */
  speakingFor(name: () => string): Link {
    return {
      description: this.description,
      query: (line, options) => this.#query(line, options, name()),
      exchange: (bytes, options) => this.#exchange(bytes, options, name()),
      send: (line) => this.#send(line, name()),
      onUnsolicited: (listener) => this.onUnsolicited(listener),
      protect: (state) => this.protect(state),
      recentExchanges: () => this.recentExchanges(),
      close: () => this.close(),
    };
  }

  onUnsolicited(listener: (bytes: Uint8Array) => void): Disposable {
    this.#listeners.add(listener);
    return toDisposable(() => this.#listeners.delete(listener));
  }

  async protect(state: SafeState): Promise<void> {
    if (state.steps.length > 0) this.#states.set(state.device, state);
    await this.#guardian.ask({ kind: 'protect', link: this.#number, state });
    if (state.steps.length === 0) this.#states.delete(state.device);
  }

  async recentExchanges(): Promise<readonly Exchange[]> {
    const value = await this.#guardian.ask({ kind: 'recent', link: this.#number });
    return Array.isArray(value) ? value : [];
  }

  async close(): Promise<void> {
    this.#guardian.forget(this.#number);
    if (this.#lost) return;
    await this.#guardian.ask({ kind: 'close', link: this.#number });
  }

  /** The guardian heard something that nobody asked for. */
  hear(bytes: Uint8Array): void {
    for (const listener of [...this.#listeners]) listener(bytes);
  }

  /** The port is gone. */
  lose(why: RedsunError): void {
    this.#lost ??= why;
  }

  async #query(line: string, options: ExchangeOptions, by: string): Promise<string> {
    const bytes = this.#line(line);
    return this.#decoder.decode(await this.#exchange(bytes, { ...options, reply: { kind: 'line' } }, by));
  }

  async #exchange(
    bytes: Uint8Array,
    { timeoutMs, signal, reply }: ExchangeOptions & { readonly reply: ReplyFraming },
    by: string,
  ): Promise<Uint8Array> {
    if (this.#lost) throw this.#lost;
    const question = { kind: 'exchange', link: this.#number, bytes: bytesToText(bytes), reply, timeoutMs } as const;
    return textToBytes(String(await this.#guardian.ask({ ...question, by }, signal)));
  }

  async #send(line: string, by: string): Promise<void> {
    await this.#exchange(this.#line(line), { timeoutMs: WRITE_MS, reply: { kind: 'none' } }, by);
  }

  #line(text: string): Uint8Array {
    return new TextEncoder().encode(text + this.options.lineEnd);
  }
}

import { toDisposable } from '../util/disposable.ts';
import { RedsunError } from '../util/errors.ts';
import { describeLink, type Exchange, type Link, type LinkOptions, portOf, type SafeState } from './link.ts';
import { isGone, spokenBy, WatchedLink } from './watched-link.ts';

/** What one device has of a line. */
export class LineShare implements Link {
  readonly device: string;
  readonly description: string;
  readonly #port: string;
  readonly #all: () => Iterable<LineShare>;
  readonly #giveBack: (share: LineShare) => Promise<void>;
  readonly #states = new Map<string, SafeState>();
  readonly #listening = new Set<Disposable>();
  #link: Link | null = null;
  #isClosed = false;

  /** @param all - the shares of the line. */
  constructor(
    device: string,
    options: LinkOptions,
    all: () => Iterable<LineShare>,
    giveBack: (share: LineShare) => Promise<void>,
  ) {
    this.device = device;
    this.description = describeLink(options);
    this.#port = portOf(options);
    this.#all = all;
    this.#giveBack = giveBack;
  }

  begin(link: Link, onGone: () => void): void {
    this.#link ??= new WatchedLink(
      spokenBy(link, () => this.device),
      onGone,
    );
  }

  closedError(): RedsunError {
    return new RedsunError('link/closed', `${this.#port}: ${this.device} has given it back`);
  }

  async query(...question: Parameters<Link['query']>): Promise<string> {
    return this.#open().query(...question);
  }

  async exchange(...question: Parameters<Link['exchange']>): Promise<Uint8Array> {
    return this.#open().exchange(...question);
  }

  async send(line: string): Promise<void> {
    return this.#open().send(line);
  }

  onUnsolicited(listener: (bytes: Uint8Array) => void): Disposable {
    const listening = this.#open().onUnsolicited(listener);
    this.#listening.add(listening);
    return toDisposable(() => {
      this.#listening.delete(listening);
      listening[Symbol.dispose]();
    });
  }

  /** @throws RedsunError `link/protected` when another device has said this of the same name */
  async protect(state: SafeState): Promise<void> {
    const holder = [...this.#all()].find((share) => share !== this && share.#states.has(state.device));
    if (holder) {
      const message = `${this.#port}: ${this.device} cannot protect "${state.device}", as ${holder.device} does`;
      throw new RedsunError('link/protected', message);
    }
    await this.#open().protect(state);
    this.#states.set(state.device, state);
  }

  async recentExchanges(): Promise<readonly Exchange[]> {
    return this.#open().recentExchanges();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listening of this.#listening) listening[Symbol.dispose]();
    this.#listening.clear();
    await this.#giveBack(this);
  }

  /** The line goes on without this device, which is made safe first. */
  async endProtection(): Promise<void> {
    for (const state of this.#states.values()) {
      try {
        await this.#link?.protect({ ...state, steps: [] });
      } catch (thrown) {
        // Of a port that is gone the guardian remembers it, and looks for the port.
        if (!isGone(thrown)) throw thrown;
      }
    }
  }

  #open(): Link {
    if (this.#isClosed || !this.#link) throw this.closedError();
    return this.#link;
  }
}

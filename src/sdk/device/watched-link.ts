import { hasCode, RedsunError } from '../util/errors.ts';
import type { Exchange, Link, SafeState } from './link.ts';

/** A link whose exchanges can be asked in somebody's name. */
interface SpeaksFor {
  speakingFor(name: () => string): Link;
}

/** The same link, whose exchanges are recorded under this name. */
export function spokenBy(link: Link & Partial<SpeaksFor>, name: () => string): Link {
  return link.speakingFor?.(name) ?? link;
}

/** Passes everything on, and says when the port turns out to be gone. */
export class WatchedLink implements Link {
  readonly description: string;
  readonly #link: Link;
  readonly #onGone: () => void;

  constructor(link: Link, onGone: () => void) {
    this.description = link.description;
    this.#link = link;
    this.#onGone = onGone;
  }

  query(...question: Parameters<Link['query']>): Promise<string> {
    return this.#watch(this.#link.query(...question));
  }
  exchange(...question: Parameters<Link['exchange']>): Promise<Uint8Array> {
    return this.#watch(this.#link.exchange(...question));
  }
  send(line: string): Promise<void> {
    return this.#watch(this.#link.send(line));
  }
  onUnsolicited(listener: (bytes: Uint8Array) => void): Disposable {
    return this.#link.onUnsolicited(listener);
  }
  protect(state: SafeState): Promise<void> {
    return this.#watch(this.#link.protect(state));
  }
  recentExchanges(): Promise<readonly Exchange[]> {
    return this.#watch(this.#link.recentExchanges());
  }
  async close(): Promise<void> {
    throw new RedsunError('link/shared', `${this.description}: devices share it, so that the session closes it`);
  }

  async #watch<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (thrown) {
      if (isGone(thrown)) this.#onGone();
      throw thrown;
    }
  }
}

/** Whether a port was lost, or closed with everything. */
export function isGone(thrown: unknown): boolean {
  return hasCode(thrown, 'link/lost') || hasCode(thrown, 'link/closed');
}

import { randomUUID } from 'node:crypto';
import type { Client, ClientResources, ClientRole } from 'redsun/sdk/presenter';
import { toDisposable } from 'redsun/sdk/util';

/** What is known of a client when it connects. */
export interface ClientInfo {
  /** For people: `Firefox on 10.0.0.7`. */
  readonly name: string;
  readonly role?: ClientRole;
}

/** A client with what it has opened, all of which ends when it goes. */
export class ConnectedClient implements Disposable {
  readonly client: Client;
  readonly resources: ClientResources;
  readonly #releases = new Set<Disposable>();
  #isGone = false;

  constructor({ name, role = 'administer' }: ClientInfo) {
    this.client = { id: randomUUID(), name, role };
    this.resources = { defer: (release) => this.#defer(release) };
  }

  #defer(release: () => void): Disposable {
    const kept = toDisposable(() => {
      this.#releases.delete(kept);
      release();
    });
    this.#releases.add(kept);
    if (this.#isGone) kept[Symbol.dispose]();
    return kept;
  }

  [Symbol.dispose](): void {
    this.#isGone = true;
    for (const kept of [...this.#releases].reverse()) kept[Symbol.dispose]();
  }
}

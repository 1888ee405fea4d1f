import type { DocumentCallback, DocumentName, DocumentTypes } from '../events/documents.ts';
import { asError } from '../util/errors.ts';

/** Kinds of documents that one can subscribe to. */
export type SubscriptionName = DocumentName | 'all';

/** Who hears of the documents of one call: one callback, a list, or callbacks by kind of document. */
export type Subscribers =
  | DocumentCallback
  | readonly DocumentCallback[]
  | Readonly<Partial<Record<SubscriptionName, DocumentCallback | readonly DocumentCallback[]>>>;

/** Callbacks by token, called in the order of subscription. */
export class Subscriptions {
  readonly #entries = new Map<number, { readonly callback: DocumentCallback; readonly name: SubscriptionName }>();
  #nextToken = 0;

  add(callback: DocumentCallback, name: SubscriptionName): number {
    const token = this.#nextToken++;
    this.#entries.set(token, { callback, name });
    return token;
  }

  /** Nothing happens for a token that is gone. */
  remove(token: number): void {
    this.#entries.delete(token);
  }

  /** @returns the tokens of all of them. */
  addAll(subscribers: Subscribers | null): number[] {
    return [...listedSubscribers(subscribers)].map(([name, callback]) => this.add(callback, name));
  }

  /** @param onError - hears what a callback throws; without it the error is thrown here. */
  emit<N extends DocumentName>(name: N, doc: DocumentTypes[N], onError: ((error: Error) => void) | null): void {
    for (const { callback, name: wanted } of [...this.#entries.values()]) {
      if (wanted !== 'all' && wanted !== name) continue;
      if (!onError) {
        callback(name, doc);
        continue;
      }
      try {
        callback(name, doc);
      } catch (thrown) {
        onError(asError(thrown));
      }
    }
  }
}

/** Who hears of which kind of document. */
export function* listedSubscribers(subscribers: Subscribers | null): Generator<[SubscriptionName, DocumentCallback]> {
  if (!subscribers) return;
  const byName = typeof subscribers === 'function' || isList(subscribers) ? { all: subscribers } : subscribers;
  for (const [name, callbacks] of Object.entries(byName)) {
    for (const callback of isList(callbacks) ? callbacks : [callbacks]) yield [name as SubscriptionName, callback];
  }
}

function isList<T>(value: T | readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

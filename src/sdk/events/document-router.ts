import type { Document, DocumentCallback, DocumentName, DocumentTypes } from './documents.ts';
import {
  bulkDatumToDatumPage,
  bulkEventsToEventPages,
  packDatumPage,
  packEventPage,
  unpackDatumPage,
  unpackEventPage,
} from './pages.ts';

const BRAND = Symbol.for('redsun.document-router');

/** What a method of a router gives: a document in place of the one it got, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a method that only listens returns nothing.
export type Routed<N extends DocumentName> = DocumentTypes[N] | void;

/**
 * Sends each document to the method of its name. Override the ones you need.
 * A router that knows events but not pages, or datum but not their pages, gets them one by one, and the other way round.
 */
export abstract class DocumentRouter {
  /** Recognised by brand, so that a router from a bundle with its own copy of the SDK is one, too. */
  readonly [BRAND] = true;
  readonly #emit: DocumentCallback | null;

  /** @param options - `emit` gets what the router itself has to tell; see `emit`. */
  constructor(options: { readonly emit?: DocumentCallback } = {}) {
    this.#emit = options.emit ?? null;
  }

  /** Takes a document. @returns what came out: the method's own document, or the one that went in. */
  onDocument<N extends DocumentName>(name: N, doc: DocumentTypes[N]): DocumentTypes[N];
  onDocument(name: DocumentName, doc: Document): Document;
  onDocument(name: DocumentName, doc: Document): Document {
    return this.#route(name, doc) ?? doc;
  }

  /** Hands a document of its own to who was given to the constructor; nothing when nobody was. */
  protected emit<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    this.#emit?.(name, doc);
  }

  /** A run begins. */
  start(_doc: DocumentTypes['start']): Routed<'start'> {}
  /** A stream begins. */
  descriptor(_doc: DocumentTypes['descriptor']): Routed<'descriptor'> {}
  /** Readings; also each one of a page, unless `eventPage` is overridden. */
  event(_doc: DocumentTypes['event']): Routed<'event'> {}
  /** Several readings; also a single one, unless `event` is overridden. */
  eventPage(_doc: DocumentTypes['event_page']): Routed<'event_page'> {}
  /** A file. */
  resource(_doc: DocumentTypes['resource']): Routed<'resource'> {}
  /** A value in a file; also each one of a page, unless `datumPage` is overridden. */
  datum(_doc: DocumentTypes['datum']): Routed<'datum'> {}
  /** Several values; also a single one, unless `datum` is overridden. */
  datumPage(_doc: DocumentTypes['datum_page']): Routed<'datum_page'> {}
  /** A store. */
  streamResource(_doc: DocumentTypes['stream_resource']): Routed<'stream_resource'> {}
  /** Frames in a store. */
  streamDatum(_doc: DocumentTypes['stream_datum']): Routed<'stream_datum'> {}
  /** A run has ended. */
  stop(_doc: DocumentTypes['stop']): Routed<'stop'> {}

  #route(name: DocumentName, doc: Document): Document | undefined {
    switch (name) {
      case 'start':
        return given(this.start(doc as DocumentTypes['start']));
      case 'descriptor':
        return given(this.descriptor(doc as DocumentTypes['descriptor']));
      case 'event':
        return this.#event(doc as DocumentTypes['event']);
      case 'event_page':
        return this.#eventPage(doc as DocumentTypes['event_page']);
      case 'bulk_events':
        for (const page of bulkEventsToEventPages(doc as DocumentTypes['bulk_events'])) this.#eventPage(page);
        return undefined;
      case 'resource':
        return given(this.resource(doc as DocumentTypes['resource']));
      case 'datum':
        return this.#datum(doc as DocumentTypes['datum']);
      case 'datum_page':
        return this.#datumPage(doc as DocumentTypes['datum_page']);
      case 'bulk_datum':
        this.#datumPage(bulkDatumToDatumPage(doc as DocumentTypes['bulk_datum']));
        return undefined;
      case 'stream_resource':
        return given(this.streamResource(doc as DocumentTypes['stream_resource']));
      case 'stream_datum':
        return given(this.streamDatum(doc as DocumentTypes['stream_datum']));
      case 'stop':
        return given(this.stop(doc as DocumentTypes['stop']));
    }
  }

  #event(event: DocumentTypes['event']): Document | undefined {
    if (this.#overrides('event') || !this.#overrides('eventPage')) return given(this.event(event));
    const page = packEventPage([event]);
    const [output] = unpackEventPage(this.eventPage(page) ?? page);
    return output;
  }

  #eventPage(page: DocumentTypes['event_page']): Document | undefined {
    if (this.#overrides('eventPage') || !this.#overrides('event')) return given(this.eventPage(page));
    return packEventPage([...unpackEventPage(page)].map((event) => this.event(event) ?? event));
  }

  #datum(datum: DocumentTypes['datum']): Document | undefined {
    if (this.#overrides('datum') || !this.#overrides('datumPage')) return given(this.datum(datum));
    const page = packDatumPage([datum]);
    const [output] = unpackDatumPage(this.datumPage(page) ?? page);
    return output;
  }

  #datumPage(page: DocumentTypes['datum_page']): Document | undefined {
    if (this.#overrides('datumPage') || !this.#overrides('datum')) return given(this.datumPage(page));
    return packDatumPage([...unpackDatumPage(page)].map((datum) => this.datum(datum) ?? datum));
  }

  #overrides(method: 'event' | 'eventPage' | 'datum' | 'datumPage'): boolean {
    return this[method] !== DocumentRouter.prototype[method];
  }
}

// biome-ignore lint/suspicious/noConfusingVoidType: what a method that only listens gives.
function given<T>(value: T | void): T | undefined {
  return value ?? undefined;
}

/** True when `value` is a router, of this copy of the SDK or of another. */
export function isDocumentRouter(value: unknown): value is DocumentRouter {
  return typeof value === 'object' && value !== null && BRAND in value;
}

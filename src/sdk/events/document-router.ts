import type { Document, DocumentName, DocumentTypes } from './documents.ts';

const BRAND = Symbol.for('redsun.document-router');

/** Sends each document to the method of its name. Override the ones you need. */
export abstract class DocumentRouter {
  readonly [BRAND] = true;

  onDocument(name: DocumentName, doc: Document): void {
    switch (name) {
      case 'start':
        return this.start(doc as DocumentTypes['start']);
      case 'descriptor':
        return this.descriptor(doc as DocumentTypes['descriptor']);
      case 'event':
        return this.event(doc as DocumentTypes['event']);
      case 'event_page':
        return this.eventPage(doc as DocumentTypes['event_page']);
      case 'stream_resource':
        return this.streamResource(doc as DocumentTypes['stream_resource']);
      case 'stream_datum':
        return this.streamDatum(doc as DocumentTypes['stream_datum']);
      case 'stop':
        return this.stop(doc as DocumentTypes['stop']);
    }
  }

  start(_doc: DocumentTypes['start']): void {}
  descriptor(_doc: DocumentTypes['descriptor']): void {}
  event(_doc: DocumentTypes['event']): void {}
  eventPage(_doc: DocumentTypes['event_page']): void {}
  streamResource(_doc: DocumentTypes['stream_resource']): void {}
  streamDatum(_doc: DocumentTypes['stream_datum']): void {}
  stop(_doc: DocumentTypes['stop']): void {}
}

/** Recognised by brand, so that a router from a bundle with its own copy of the SDK is one, too. */
export function isDocumentRouter(value: unknown): value is DocumentRouter {
  return typeof value === 'object' && value !== null && BRAND in value;
}

import type { Document, DocumentName, DocumentTypes } from './documents.ts';

const BRAND = Symbol.for('redsun.document-router');

/** Sends each document to the method of its name. Override the ones you need. */
export abstract class DocumentRouter {
  readonly [BRAND] = true;

  onDocument(name: DocumentName, doc: Document): void {
    switch (name) {
      case 'start':
        this.start(doc as DocumentTypes['start']);
        break;
      case 'descriptor':
        this.descriptor(doc as DocumentTypes['descriptor']);
        break;
      case 'event':
        this.event(doc as DocumentTypes['event']);
        break;
      case 'event_page':
        this.eventPage(doc as DocumentTypes['event_page']);
        break;
      case 'stream_resource':
        this.streamResource(doc as DocumentTypes['stream_resource']);
        break;
      case 'stream_datum':
        this.streamDatum(doc as DocumentTypes['stream_datum']);
        break;
      case 'stop':
        this.stop(doc as DocumentTypes['stop']);
        break;
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

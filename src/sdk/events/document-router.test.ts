import { expect, test } from 'vitest';
import { DocumentRouter, isDocumentRouter } from './document-router.ts';
import type { Document, DocumentName } from './documents.ts';

const NAMES = ['start', 'descriptor', 'event', 'event_page', 'stream_resource', 'stream_datum', 'stop'] as const;

class Recorder extends DocumentRouter {
  readonly seen: [string, unknown][] = [];
  override start(doc: unknown): void {
    this.seen.push(['start', doc]);
  }
  override descriptor(doc: unknown): void {
    this.seen.push(['descriptor', doc]);
  }
  override event(doc: unknown): void {
    this.seen.push(['event', doc]);
  }
  override eventPage(doc: unknown): void {
    this.seen.push(['event_page', doc]);
  }
  override streamResource(doc: unknown): void {
    this.seen.push(['stream_resource', doc]);
  }
  override streamDatum(doc: unknown): void {
    this.seen.push(['stream_datum', doc]);
  }
  override stop(doc: unknown): void {
    this.seen.push(['stop', doc]);
  }
}

const documentOf = (name: string) => ({ uid: name }) as unknown as Document;

test.each(NAMES)('a %s document goes to its own method only', (name) => {
  const router = new Recorder();
  const doc = documentOf(name);
  router.onDocument(name, doc);
  expect(router.seen).toEqual([[name, doc]]);
  expect(router.seen[0]?.[1]).toBe(doc);
});

test('kinds that are not overridden, or not known, are passed over', () => {
  class OnlyStops extends DocumentRouter {
    stops = 0;
    override stop(): void {
      this.stops++;
    }
  }
  const router = new OnlyStops();
  for (const name of [...NAMES, 'resource']) router.onDocument(name as DocumentName, documentOf(name));
  expect(router.stops).toBe(1);
});

test('a router is recognised by its brand, even from another copy of the SDK', () => {
  expect(isDocumentRouter(new Recorder())).toBe(true);
  expect(isDocumentRouter({ [Symbol.for('redsun.document-router')]: true })).toBe(true);
  for (const other of [null, () => {}, { onDocument() {} }]) expect(isDocumentRouter(other)).toBe(false);
});

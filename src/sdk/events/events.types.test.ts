// What must not compile, does not: checked by the compiler, which fails on a directive without an error.
import { describe, expectTypeOf, test } from 'vitest';
import type {
  DataKey,
  Document,
  DocumentName,
  DocumentTypes,
  Event,
  NamedDocument,
  RunStart,
  RunStop,
  StreamAsset,
} from './index.ts';

describe('types', () => {
  test('every document of event-model has its type', () => {
    expectTypeOf<DocumentName>().toEqualTypeOf<
      | 'start'
      | 'descriptor'
      | 'event'
      | 'event_page'
      | 'bulk_events'
      | 'resource'
      | 'datum'
      | 'datum_page'
      | 'bulk_datum'
      | 'stream_resource'
      | 'stream_datum'
      | 'stop'
    >();
    expectTypeOf<DocumentTypes['start']>().toEqualTypeOf<RunStart>();
    expectTypeOf<Document>().toEqualTypeOf<DocumentTypes[DocumentName]>();
  });

  test('the name of a document tells its kind', () => {
    (given: NamedDocument) => {
      if (given.name === 'event') expectTypeOf(given.doc).toEqualTypeOf<Event>();
    };
    expectTypeOf<StreamAsset['name']>().toEqualTypeOf<'stream_resource' | 'stream_datum'>();
  });

  test('documents', () => {
    // @ts-expect-error a document is not changed
    (doc: Event) => void (doc.seq_num = 1);
    // @ts-expect-error a run ends in one of three ways
    () => ({ exit_status: 'done' }) satisfies Pick<RunStop, 'exit_status'>;
    // @ts-expect-error a type that no value has
    () => ({ source: 'a', dtype: 'float', shape: [] }) satisfies DataKey;
  });
});

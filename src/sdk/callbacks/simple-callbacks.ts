import { isReadable, type Readable } from '../device/protocols.ts';
import type { DocumentCallback, Event, EventPage } from '../events/documents.ts';
import { unpackEventPage } from '../events/pages.ts';
import { KeyError, ValueError } from '../util/errors.ts';

/** Counts documents. Subscribe its `callback`. */
export class CallbackCounter {
  /** Documents so far. */
  value = 0;
  /** To subscribe. */
  readonly callback: DocumentCallback = (_name, _doc) => {
    this.value++;
  };
}

/** A callback that appends a value of each event to `output`. @throws KeyError for an event without it. */
export function collector(field: string, output: unknown[]): DocumentCallback {
  const collect = (event: Event) => {
    if (!(field in event.data)) {
      throw new KeyError(`Event ${event.seq_num} has no "${field}". It has: ${Object.keys(event.data).join(', ')}`);
    }
    output.push(event.data[field]);
  };
  return (name, doc) => {
    if (name === 'event') collect(doc as Event);
    else if (name === 'event_page') for (const event of unpackEventPage(doc as EventPage)) collect(event);
  };
}

/** All fields of a document but uid and time, by name, a line each: `num_points: 5`. What is no text is written as JSON. */
export function metadataLines(doc: object): string[] {
  return Object.entries(doc)
    .filter(([field]) => field !== 'uid' && field !== 'time')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]) => `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}

/** Data keys by name; a device stands for its own, sorted. @throws ValueError for a device that describes itself later. */
export function getObjFields(fields: readonly (string | Readable)[]): string[] {
  return fields.flatMap((field) => {
    if (typeof field === 'string') return [field];
    if (!isReadable(field)) throw new ValueError('Fields must be texts or devices with a method describe');
    const keys = field.describe();
    if (keys instanceof Promise) {
      throw new ValueError('A device of the fields describes itself later: give the names of its data keys');
    }
    return Object.keys(keys).sort();
  });
}

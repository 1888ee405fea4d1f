import type { EventDescriptor, RunStart } from '../../events/documents.ts';

/** What the independent variables of a run are, as far as its start document says. */
export interface Dimensions {
  /** Data keys of each; of devices, not of data, where `guessed`. The first of each is what is plotted along. */
  readonly fields: readonly (readonly string[])[];
  /** Whose events have them. */
  readonly stream: string;
  /** The plan gave no hint. */
  readonly guessed: boolean;
  /** Why a hint could not be used; null: it could, or there was none. */
  readonly note: string | null;
}

const TIME: Dimensions = { fields: [['time']], stream: 'primary', guessed: true, note: null };

/** Hinted by the plan; else its motors, else time. */
export function dimensionsOf(start: RunStart): Dimensions {
  const hinted = (start.hints as { dimensions?: unknown } | undefined)?.dimensions;
  const dimensions = Array.isArray(hinted) ? hinted.flatMap(readDimension) : null;
  const [first] = dimensions ?? [];
  if (!dimensions || !first) return guess(start, null);
  if (dimensions.some(({ stream }) => stream !== first.stream)) {
    return guess(start, 'The dimensions that the plan hints at belong to several streams, which cannot be combined');
  }
  return { fields: dimensions.map(({ fields }) => fields), stream: first.stream, guessed: false, note: null };
}

function guess(start: RunStart, note: string | null): Dimensions {
  const motors = Array.isArray(start.motors) ? start.motors.map(String) : [];
  if (motors.length === 0) return { ...TIME, note };
  return { fields: motors.map((motor) => [motor]), stream: 'primary', guessed: true, note };
}

function readDimension(hint: unknown): { fields: string[]; stream: string }[] {
  if (!Array.isArray(hint) || !Array.isArray(hint[0])) return [];
  const fields = hint[0].map(String);
  return [{ fields: fields.length > 0 ? fields : ['time'], stream: String(hint[1] ?? 'primary') }];
}

/** Data keys of each dimension in this stream. Devices that were guessed stand for their hinted keys. */
export function fieldsIn({ fields, guessed }: Dimensions, descriptor: EventDescriptor): string[][] {
  if (!guessed) return fields.map((dimension) => [...dimension]);
  return fields.flatMap((dimension) =>
    dimension.flatMap((name) => (name === 'time' ? [name] : keysOfDevice(descriptor, name))).map((key) => [key]),
  );
}

/** Hinted keys of all devices of a stream; a device without hints gives all of its keys. */
export function hintedFields(descriptor: EventDescriptor): string[] {
  return Object.keys(descriptor.object_keys ?? {}).flatMap((name) => keysOfDevice(descriptor, name));
}

function keysOfDevice({ hints, object_keys: keys }: EventDescriptor, name: string): readonly string[] {
  return hints?.[name]?.fields ?? keys?.[name] ?? [];
}

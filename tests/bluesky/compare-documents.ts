// How documents of bluesky are compared with ours. These rules and no others:
//  1. Uids are numbered in the order in which they appear in all documents of a batch.
//  2. Times and timestamps are only there or not.
//  3. What Redsun adds to a start document is left out: see ADDED.
//  4. Python writes some values as its repr, as they came from a program: a device by its class, None and booleans as words.
//     We write the name of the device, and JSON. The text of a cycler is left out.
//  5. Numbers may differ by 1e-12 of the larger one, or of 1.

/** What a start document of Redsun has and one of bluesky has not; `versions` names other programs. */
export const ADDED = ['session', 'redsun_run', 'versions'] as const;

export type Document = readonly [name: string, doc: Record<string, unknown>];

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TOLERANCE = 1e-12;

/** Documents as they are compared. */
export function comparable(documents: readonly Document[]): Document[] {
  const uids = new Map<string, string>();
  const numbered = JSON.stringify(documents).replace(UUID, (uid) => {
    if (!uids.has(uid)) uids.set(uid, `uid:${uids.size}`);
    return uids.get(uid) ?? uid;
  });
  return (JSON.parse(numbered) as Document[]).map(([name, doc]) => [
    name,
    name === 'start' ? comparableStart(doc) : withoutTimes(doc),
  ]);
}

function comparableStart(doc: Record<string, unknown>): Record<string, unknown> {
  const own = Object.entries(doc).filter(([key]) => !ADDED.some((added) => added === key));
  return withoutTimes(
    Object.fromEntries(
      own.map(([key, value]) => [
        key,
        ['plan_args', 'plan_pattern_args', 'snake_axes'].includes(key) ? withoutReprs(value) : value,
      ]),
    ),
  );
}

function withoutTimes(doc: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(doc, (key, value: unknown) => {
      if (key === 'time') return Array.isArray(value) ? value.map(() => '<t>') : '<t>';
      if (key !== 'timestamps' || typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, at]) => [name, Array.isArray(at) ? at.map(() => '<t>') : '<t>']),
      );
    }),
  );
}

function withoutReprs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReprs);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([key]) => key !== 'cycler');
    return Object.fromEntries(entries.map(([key, inner]) => [key, withoutReprs(inner)]));
  }
  if (value === 'None') return null;
  if (value === 'True' || value === 'False') return value === 'True';
  return typeof value === 'string' ? value.replace(/^\w+\(name='(\w+)'\)$/, '$1') : value;
}

/** What is different, place by place; empty when nothing is. */
export function differences(ours: unknown, theirs: unknown, place = ''): string[] {
  if (typeof ours === 'number' && typeof theirs === 'number') {
    const scale = Math.max(1, Math.abs(ours), Math.abs(theirs));
    return Math.abs(ours - theirs) <= TOLERANCE * scale ? [] : [told(place, ours, theirs)];
  }
  if (!isTree(ours) || !isTree(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) {
    return ours === theirs ? [] : [told(place, ours, theirs)];
  }
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys].flatMap((key) => {
    return differences(Reflect.get(ours, key), Reflect.get(theirs, key), place === '' ? key : `${place}.${key}`);
  });
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function told(place: string, ours: unknown, theirs: unknown): string {
  return `${place}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`;
}

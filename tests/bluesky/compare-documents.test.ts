import { expect, test } from 'vitest';
import { comparable, type Document, differences } from './compare-documents.ts';

const [RUN, STREAM, OTHER] = [
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002',
  '00000000-0000-4000-8000-000000000003',
];

const THEIRS: readonly Document[] = [
  ['start', { uid: RUN, time: 1, plan_args: { motor: "Motor(name='m1')", per_step: 'None' }, num_points: 3 }],
  ['descriptor', { uid: STREAM, run_start: RUN, time: 2 }],
  ['event', { uid: OTHER, descriptor: STREAM, time: 3, data: { m1: 0.1 }, timestamps: { m1: 3 } }],
];

/** What Redsun writes for the same run. */
function ours(change: (docs: Record<string, unknown>[]) => void = () => {}): Document[] {
  const documents = JSON.parse(JSON.stringify(THEIRS).replaceAll('4000', '4999')) as Document[];
  const [start] = documents;
  Object.assign(start?.[1] ?? {}, {
    plan_args: { motor: 'm1', per_step: null },
    session: 's',
    redsun_run: 'r',
    time: 9,
  });
  change(documents.map(([, doc]) => doc));
  return documents;
}

test('runs that differ in uids, times, reprs and what Redsun adds are the same', () => {
  expect(differences(comparable(ours()), comparable(THEIRS))).toEqual([]);
});

test.each<[string, (docs: Record<string, unknown>[]) => void, RegExp]>([
  ['a number', ([start]) => Object.assign(start ?? {}, { num_points: 4 }), /num_points: 4 instead of 3/],
  ['a position by 1e-11', (docs) => Object.assign(docs[2] ?? {}, { data: { m1: 0.1 + 1e-11 } }), /data\.m1/],
  ['a reference to another document', (docs) => Object.assign(docs[2] ?? {}, { descriptor: RUN }), /descriptor/],
  ['a key that is missing', (docs) => void delete docs[1]?.run_start, /run_start: undefined instead of/],
  ['a key too many', ([start]) => Object.assign(start ?? {}, { more: 1 }), /more: 1 instead of undefined/],
  ['another device in the arguments', ([start]) => Object.assign(start ?? {}, { plan_args: { motor: 'm2' } }), /m2/],
  ['a timestamp that is missing', (docs) => Object.assign(docs[2] ?? {}, { timestamps: {} }), /timestamps\.m1/],
])('%s is a difference, and told with its place', (_what, change, message) => {
  expect(differences(comparable(ours(change)), comparable(THEIRS)).join('\n')).toMatch(message);
});

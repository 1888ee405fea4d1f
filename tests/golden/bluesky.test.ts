import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CALLBACKS } from './bluesky-replay/cases/callbacks.ts';
import type { Cases } from './bluesky-replay/cases/cases.ts';
import { CONTROL } from './bluesky-replay/cases/control.ts';
import { ERRORS } from './bluesky-replay/cases/errors.ts';
import { FLY } from './bluesky-replay/cases/fly.ts';
import { PLANS } from './bluesky-replay/cases/plans.ts';
import { PREPROCESSORS } from './bluesky-replay/cases/preprocessors.ts';
import { RUN_SETUPS, RUNS } from './bluesky-replay/cases/runs.ts';
import { STUBS } from './bluesky-replay/cases/stubs.ts';
import { SUSPENDERS } from './bluesky-replay/cases/suspenders.ts';
import { differences } from './bluesky-replay/compare.ts';
import { DEVIATIONS } from './bluesky-replay/deviations.ts';
import { Harness } from './bluesky-replay/harness.ts';
import { recordedCases } from './bluesky-replay/recorded-case.ts';

const CASES: Cases = {
  ...PLANS,
  ...STUBS,
  ...FLY,
  ...PREPROCESSORS,
  ...RUNS,
  ...CONTROL,
  ...ERRORS,
  ...SUSPENDERS,
  ...CALLBACKS,
};
const RECORDED = recordedCases();

describe.each([...new Set(RECORDED.map(({ group }) => group))])('%s', (group) => {
  test.each(RECORDED.filter((recorded) => recorded.group === group))('$name: $description', async (recorded) => {
    const replay = CASES[recorded.name];
    if (!replay) throw new Error(`${recorded.name} is not replayed`);
    const harness = new Harness(RUN_SETUPS[recorded.name]);
    await replay(harness, harness.bench);
    expect(differences(recorded, harness.trace())).toEqual(DEVIATIONS[recorded.name]?.differences ?? []);
  });
});

test('164 cases were recorded; each is replayed, and at most eight differ, each with its row', async () => {
  expect(RECORDED).toHaveLength(164);
  expect(Object.keys(CASES).sort()).toEqual(RECORDED.map(({ name }) => name));
  expect(Object.keys(DEVIATIONS).length).toBeLessThanOrEqual(8);
  const text = await readFile(new URL('../../docs/deviations-bluesky.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| \w+ \|.*src\//.test(line));
  expect(rows.map((row) => row.split(' | ')[0]?.slice(2)).sort()).toEqual(Object.keys(DEVIATIONS).sort());
  for (const [name, { reason }] of Object.entries(DEVIATIONS)) {
    expect(rows.find((row) => row.startsWith(`| ${name} |`))).toContain(reason);
  }
});

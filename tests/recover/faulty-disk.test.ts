import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { systemClock } from '../stores/ramp-store.ts';
import { FATES, type Fate, faultyRun, VICTIMS, type Victim } from './faulty-disk.ts';
import { documentsOf } from './read-documents.ts';
import { seededRandom } from './seeded-random.ts';
import { unsyncedRun } from './unsynced-run.ts';
import { claimedPlanes, wrongPlanes } from './written-planes.ts';

// REDSUN_DISK_FAULTS: how often, for each way of storing; REDSUN_DISK_FAULT_SEED: the first seed.
const FAULTS = Number(process.env.REDSUN_DISK_FAULTS ?? 24);
const FIRST_SEED = Number(process.env.REDSUN_DISK_FAULT_SEED ?? 1);
const KINDS = VICTIMS.flatMap((victim) => FATES.map((fate) => [victim, fate] as const));
const DURABLE = 11;
/** Within the first position, at its end, and in the second one. */
const STEPS = [12, 16, 21, 27] as const;

const recover = (path: string) => recoverRun(path, { writes: true, clock: systemClock });

interface Case {
  readonly run: string;
  readonly synced: string;
  readonly written: string;
  readonly victim: Victim;
  readonly fate: Fate;
  readonly about: string;
}

/** What must be true after a recovery, whichever write it was. */
async function expectNothingLost({ run, synced, written, victim, about }: Case): Promise<void> {
  const { kept: _, ...report } = await recover(run);
  const durable = new Map<string, Buffer>();
  for await (const [place, pixels] of claimedPlanes(synced)) durable.set(place, pixels);
  const claimed = new Map<string, Buffer>();
  for await (const [place, pixels] of claimedPlanes(run)) claimed.set(place, pixels);
  const gone = [...durable].filter(([place, pixels]) => !claimed.get(place)?.equals(pixels)).map(([place]) => place);
  expect.soft(gone, `${about}: durable frames that are lost or altered`).toEqual([]);
  expect.soft(await wrongPlanes(run, written), `${about}: planes that are not what was written`).toEqual([]);
  // Each line of the journal is compared with the pixels it speaks of.
  expect.soft((await inspectStore(join(run, 'data.ome.zarr'), { stats: true })).problems, about).toEqual([]);
  if (victim !== 'pixels') expect.soft(report.lost, about).toBe(0);
  expect.soft((await documentsOf(run)).at(-1), about).toMatchObject({ name: 'stop', doc: { exit_status: 'fail' } });
  const before = await contentOf(run);
  const again = await recover(run);
  expect.soft(again, about).toMatchObject({ found: report.found, lost: 0, torn: 0, repairs: [], kept: null });
  expect.soft(await contentOf(run), `${about}: a second recovery changes nothing`).toEqual(before);
}

async function contentOf(folder: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if ((await stat(path)).isFile())
      content[name] = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
  }
  return content;
}

test.each([
  ['uncompressed', {}],
  ['blosc-zstd at 2 levels', { compression: 'blosc-zstd', levels: 2 }],
] as const)(
  `after ${FAULTS} writes that went wrong no synced frame is lost, and none is claimed that is not there (%s)`,
  async (name, options) => {
    const { path, synced, written: copies } = await unsyncedRun(DURABLE, STEPS, options);
    process.stdout.write(`faulty disk, ${name}: seeds ${FIRST_SEED} to ${FIRST_SEED + FAULTS - 1}\n`);
    for (let seed = FIRST_SEED; seed < FIRST_SEED + FAULTS; seed++) {
      const random = seededRandom(seed);
      const [victim, fate] = KINDS[seed % KINDS.length] as (typeof KINDS)[number];
      const step = Math.floor(random() * STEPS.length);
      const written = copies[step] as string;
      const run = join(path, `fault-${seed}`);
      const file = await faultyRun({ synced, written, target: run, victim, fate, random });
      const about = `${name}, seed ${seed}, a write to ${victim} (${file}) ${fate} after ${STEPS[step]} frames`;
      await expectNothingLost({ run, synced, written, victim, fate, about });
      await rm(run, { recursive: true });
    }
  },
  60_000 + FAULTS * 5_000,
);

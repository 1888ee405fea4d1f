import type { PDevice } from 'redsun/sdk/device';
import { expandSequence, type MdaOrigin, type MdaSequence, mdaRemainder, type PlanEstimate } from 'redsun/sdk/plans';
import type { FrameIndex } from 'redsun/sdk/storage';
import { asError, RedsunError } from 'redsun/sdk/util';
import { z } from 'zod';
import type { PlanItem } from '../../shared/channels/acquisition.ts';
import type { LoadedSession } from '../session/load-session.ts';
import { readText } from '../storage/files/regular-file.ts';
import { type JournalLine, readJournal } from '../storage/run/journal.ts';
import type { RunFolder } from '../storage/run/run-folder.ts';
import { readLines } from '../storage/run/torn-line.ts';
import type { ResumedStore } from '../storage/writer/zarr-run.ts';
import { DeviceLookup } from './plans/device-lookup.ts';
import { bindMda, mdaSchema } from './plans/mda-plan.ts';
import type { BoundPlan } from './plans/plan-registry.ts';
import type { HostServices } from './services.ts';

/** An interrupted acquisition, bound to the devices again. */
export interface ResumedMda {
  readonly item: PlanItem;
  readonly bound: BoundPlan;
  readonly store: ResumedStore;
}

/** What runs took so far says nothing about a part of one. */
export const UNPREDICTED: PlanEstimate = {
  kind: 'unknown',
  messages: 0,
  moves: 0,
  exposures: 0,
  events: 0,
  bytes: 0,
  seconds: null,
  learnt: 0,
  notes: [],
};

const startSchema = z.looseObject({
  uid: z.string(),
  plan_name: z.string(),
  detectors: z.array(z.string()),
  mda_sequence: mdaSchema.shape.sequence,
  mda_origin_um: z.tuple([z.number(), z.number(), z.number()]),
});
type MdaStart = z.infer<typeof startSchema>;

/** Of the start document: what the plan and the engine write anew. Everything else is the operator's and is carried over. */
const WRITTEN_ANEW: readonly string[] = [
  ...['uid', 'time', 'scan_id', 'versions', 'plan_type', 'plan_name', 'detectors', 'num_points', 'num_intervals'],
  ...['mda_sequence', 'mda_origin_um', 'axis_order', 'shape', 'hints', 'redsun_run', 'resumes'],
];

/** @throws RedsunError `recover/not-resumable` where the run was made with another session file, or its own is gone. */
export async function requireSameSession({ path, sessionPath }: RunFolder, { text }: LoadedSession): Promise<void> {
  const made = await readText(sessionPath).catch((cause: unknown) => {
    throw new RedsunError('recover/not-resumable', `${path}: its session file cannot be read`, { cause });
  });
  if (made === text) return;
  const way = `close this session, and "redsun recover ${path} --resume" opens the one that the run was made with`;
  throw new RedsunError('recover/not-resumable', `${path}: the session file has been changed since; ${way}`);
}

/** @throws RedsunError `recover/not-resumable`, `recover/nothing-missing`; `plan/...` as a new run. */
export async function bindResumedMda(
  folder: RunFolder,
  { roster, optics, work }: Pick<HostServices, 'roster' | 'optics' | 'work'>,
): Promise<ResumedMda> {
  const start = await lastStart(folder);
  const lines = (await readJournal(folder.journalPath))?.lines ?? [];
  const [xUm, yUm, zUm] = start.mda_origin_um;
  const origin: MdaOrigin = { xUm, yUm, zUm };
  let firstFrame = 0;
  const bound = bindMda(
    { sequence: start.mda_sequence, detectors: start.detectors },
    lookup(roster.devices),
    {},
    {
      optics,
      nowS: work.nowS,
      random: Math.random,
      resume(sequence) {
        const done = donePlaces(sequence, origin, lines, start.detectors.length);
        const isDone = (place: Required<FrameIndex>) => done.has(keyOf(place));
        const { missing, before } = mdaRemainder(sequence, origin, isDone);
        if (missing === 0) throw new RedsunError('recover/nothing-missing', `${folder.path}: no frame is missing`);
        const numbers = lines.filter((line) => isDone(placeOf(line))).map(({ frame }) => frame + 1);
        firstFrame = numbers.reduce((most, number) => Math.max(most, number), before);
        return { origin, isDone, firstFrame, missing };
      },
    },
  );
  const kwargs = { sequence: start.mda_sequence, detectors: start.detectors };
  const own = Object.fromEntries(Object.entries(start).filter(([key]) => !WRITTEN_ANEW.includes(key)));
  return {
    item: { item_type: 'plan', name: 'mda', args: [], kwargs, meta: {} },
    bound: { ...bound, metadata: { ...own, resumes: start.uid } },
    store: { lines, firstFrame },
  };
}

/** Of the run that was interrupted last: it may itself have gone on with another. */
async function lastStart({ path, documentsPath }: RunFolder): Promise<MdaStart> {
  const refusal = (why: string, cause?: unknown) =>
    new RedsunError('recover/not-resumable', `${path}: ${why}`, { cause });
  const rows = (await readLines(documentsPath))?.rows ?? [];
  const documents = rows.map(
    (row) => JSON.parse(row) as { readonly name: string; readonly doc: Record<string, unknown> },
  );
  const start = documents.filter(({ name }) => name === 'start').at(-1)?.doc;
  if (!start) throw refusal('there is no start document');
  if (start.plan_name !== 'mda') throw refusal(`only mda can be resumed, and this run is ${String(start.plan_name)}`);
  const parsed = startSchema.safeParse(start);
  if (parsed.success) return parsed.data;
  throw refusal(
    `the start document does not tell what to go on with: ${z.prettifyError(parsed.error)}`,
    asError(parsed.error),
  );
}

/** Places whose frames are there, of every camera, and those that were left out because they came too late. */
function donePlaces(
  sequence: MdaSequence,
  origin: MdaOrigin,
  lines: readonly JournalLine[],
  cameras: number,
): ReadonlySet<string> {
  const arrays = new Map<string, Set<string>>();
  for (const line of lines) {
    const { array } = line;
    const key = keyOf(placeOf(line));
    const found = arrays.get(key);
    if (found) found.add(array);
    else arrays.set(key, new Set([array]));
  }
  const done = new Set([...arrays].filter(([, found]) => found.size >= cameras).map(([key]) => key));
  // Once a later frame is there, nobody goes back for a time point that was left out.
  let late: string[] = [];
  for (const { place, skippedWhenLate } of expandSequence(sequence, origin)) {
    const key = keyOf(place);
    if (!done.has(key)) {
      if (skippedWhenLate) late.push(key);
      continue;
    }
    for (const one of late) done.add(one);
    late = [];
  }
  return done;
}

/** Where a frame is among exposures: the journal counts planes, and a frame in colour has several. */
function placeOf({ index: { t, p, c, z: plane }, planes }: JournalLine): Required<FrameIndex> {
  return { t, p, c: Math.floor(c / (planes?.c ?? 1)), z: Math.floor(plane / (planes?.z ?? 1)) };
}

function keyOf({ t, p, c, z: plane }: Required<FrameIndex>): string {
  return `${t} ${p} ${c} ${plane}`;
}

function lookup(devices: ReadonlyMap<string, PDevice>): DeviceLookup {
  return new DeviceLookup('mda', devices);
}

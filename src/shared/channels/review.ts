import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

export const runSummarySchema = z.object({
  /** Path below the session's folder: `2026-11-22/mda_0003`. */
  id: z.string(),
  name: z.string(),
  plan: z.string(),
  /** Unix time, s. */
  startedAt: z.number(),
  elapsedS: z.number().nullable(),
  /** null: it is running, or the program ended before it did. */
  exitStatus: z.enum(['success', 'abort', 'fail']).nullable(),
  running: z.boolean(),
  /**
   * Of a run that its program did not see to the end. `repaired`: its frames and documents were made whole, and it has not gone on.
   * null: it runs, or came to its own end.
   */
  interruption: z.enum(['unrepaired', 'repairing', 'repaired']).nullable(),
  /** False: a dry run, of which nothing is on the disk. */
  kept: z.boolean(),
  reason: z.string(),
  frames: z.number().int(),
  /** Points that the plan was to take, and those that it took; null: it did not say, or has not ended. */
  points: z.object({ taken: z.number().int(), planned: z.number().int() }).nullable(),
  /** Of the frames, those known to have reached the disk when the run ended or was cut short; null: nothing tells. */
  durable: z.number().int().nullable(),
  bytes: z.number().nullable(),
  sample: z.string().nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

const daySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Which runs are asked for, and which of them are on the page; what is absent does not narrow the search. */
export const runSearchSchema = z.object({
  /** Words, all of which occur in name, plan, sample, reason or metadata of the run. */
  text: z.string().max(1000).optional(),
  /** `unfinished`: it runs, or the program ended before it did. */
  status: z.enum(['success', 'abort', 'fail', 'unfinished']).optional(),
  plan: z.string().optional(),
  sample: z.string().optional(),
  /** First and last day where the microscope stands. */
  from: daySchema.optional(),
  to: daySchema.optional(),
  offset: z.number().int().nonnegative(),
  limit: z.number().int().positive().max(1000),
  /** Look at the files of every run first: they may have been changed by hand. */
  refresh: z.boolean(),
});
export type RunSearch = z.infer<typeof runSearchSchema>;

export const runPageSchema = z.object({
  /** Newest first. */
  runs: z.array(runSummarySchema),
  /** That match, on all pages. */
  matching: z.number().int(),
  total: z.number().int(),
  /** That there are, for filters. */
  plans: z.array(z.string()),
  samples: z.array(z.string()),
});
export type RunPage = z.infer<typeof runPageSchema>;

/** What was found in the folder of an interrupted run, and done. */
export const recoverySchema = z.object({
  /** `damaged`: the disk lost frames that were acknowledged, or something cannot be read. */
  state: z.enum(['whole', 'repaired', 'damaged']),
  /** Frames that can be read from the store. */
  found: z.number().int(),
  /** Frames that were being written, cut off. */
  torn: z.number().int(),
  /** Frames that were acknowledged and that the disk has lost. */
  lost: z.number().int(),
  problems: z.array(z.string()),
});
export type Recovery = z.infer<typeof recoverySchema>;

/** How far the recovery of a run is. */
export const recoveringSchema = z.object({
  id: z.string(),
  /** `frames`: they are compared with their checksums. `levels`: coarser levels are made, or compared. */
  step: z.enum(['frames', 'levels']),
  /** Of `total` frames of the journal. */
  done: z.number().int(),
  total: z.number().int(),
});
export type Recovering = z.infer<typeof recoveringSchema>;

const rangeSchema = z.union([
  z.object({ offset: z.number().int().nonnegative(), length: z.number().int().positive() }),
  z.object({ suffix: z.number().int().positive() }),
]);

export const openedStoreSchema = z.object({
  /** For `read` and `list`. */
  storeId: z.string(),
  name: z.string(),
  path: z.string(),
});

/** Saved runs and stores of other programs. Bytes go to the window undecoded; decoding is a worker's job there. */
export const reviewChannel = defineChannel({
  name: 'review',
  calls: {
    /** Without an index on the disk every run is read first. */
    search: { request: runSearchSchema, response: runPageSchema, timeoutMs: null, needs: 'observe' },
    openRun: { request: z.object({ id: z.string() }), response: openedStoreSchema, needs: 'observe' },
    /** Makes an interrupted run whole. Given up when a run starts or who asked goes away; it can be asked for again. */
    recover: { request: z.object({ id: z.string() }), response: recoverySchema, timeoutMs: null },
    /** A store anywhere on the host's disks, by path. */
    openPath: { request: z.object({ path: z.string() }), response: openedStoreSchema, needs: 'observe' },
    read: {
      needs: 'observe',
      request: z.object({ storeId: z.string(), key: z.string(), range: rangeSchema.optional() }),
      response: z.object({ bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable() }),
      timeoutMs: 30_000,
    },
    /** Names directly below `prefix`. */
    list: {
      request: z.object({ storeId: z.string(), prefix: z.string() }),
      response: z.array(z.string()),
      needs: 'observe',
    },
    /** The journal's lines of a run, newest state; empty for stores without one. */
    journal: {
      needs: 'observe',
      request: z.object({ storeId: z.string() }),
      response: z.array(z.record(z.string(), z.unknown())),
    },
    close: { request: z.object({ storeId: z.string() }), response: nothing, needs: 'observe' },
  },
  events: {
    runsChanged: { payload: z.object({ newest: z.string().nullable() }), retained: true },
    /** null: no run is being recovered, or nothing is known yet. */
    recovering: { payload: recoveringSchema.nullable(), retained: true },
  },
  streams: {},
});

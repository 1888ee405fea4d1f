import type { ScheduleKept } from 'redsun/sdk/plans';
import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

/** A plan on the wire, as bluesky-queueserver writes it. */
export const planItemSchema = z.object({
  item_type: z.literal('plan').default('plan'),
  name: z.string(),
  args: z.array(z.unknown()).default([]),
  kwargs: z.record(z.string(), z.unknown()).default({}),
  /** A list is put together; what comes first counts. */
  meta: z
    .union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown())).transform(mergedMetadata)])
    .default({}),
});
function mergedMetadata(parts: Record<string, unknown>[]): Record<string, unknown> {
  return Object.assign({}, ...[...parts].reverse());
}

export type PlanItem = z.infer<typeof planItemSchema>;

/** Path of a run below its session's folder: `2026-11-22/mda_0003`. */
const runIdSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}\/[^/\\.][^/\\]*$/);

export const ENGINE_STATES = [
  'idle',
  'running',
  'pausing',
  'paused',
  'stopping',
  'aborting',
  'halting',
  'suspending',
  'panicked',
] as const;

/** Where a run is: `waiting-for-disk` and `paused` stand still, `finishing` closes its files. */
export const RUN_PHASES = ['running', 'paused', 'waiting-for-disk', 'finishing'] as const;

const rangeSSchema = z.object({ low: z.number(), high: z.number() });

export const runProgressSchema = z.object({
  phase: z.enum(RUN_PHASES),
  /** Name of the run folder: `mda_0003`. */
  name: z.string(),
  plan: z.string(),
  uid: z.string(),
  /** Unix time, s. */
  startedAt: z.number(),
  elapsedS: z.number(),
  /** What was said of its duration before, s; null: nothing. */
  predictedS: rangeSSchema.nullable(),
  /** Seconds left, as a range; null while unknown. */
  leftS: rangeSSchema.nullable(),
  /** Frames to come in all; null: unknown. */
  total: z.number().int().nullable(),
  acquired: z.number().int(),
  acknowledged: z.number().int(),
  durable: z.number().int(),
  /** Full part of the buffer, 0..1. */
  buffer: z.number(),
  bytesWritten: z.number(),
  /** One sentence: `Exposing FITC at Z +2.50 µm`. */
  now: z.string(),
  /** Empty: nothing of it is kept. */
  folder: z.string(),
  /** What to give to `review.open`. */
  runId: z.string(),
  /** Why it waits for its disk; null: it does not. */
  diskFault: z.string().nullable(),
  /** Why it was paused, or is about to be, by nobody at a window; null: it was not. */
  pauseReason: z.string().nullable(),
  /** The guardian is still making everything safe: the reason will say what became of the devices. */
  isBeingMadeSafe: z.boolean(),
  /** Why it stands still, whoever or whatever paused it, in words; null: it does not. */
  pauseWords: z.string().nullable(),
  /** What a suspender holds the plan up for; it goes on by itself then. null: nothing. */
  waitsFor: z.string().nullable(),
  /** Images go on there, as the disk of the run folder is full; null: they lie in the run folder. */
  linkedFolder: z.string().nullable(),
});
export type RunProgress = z.infer<typeof runProgressSchema>;

/** How the times of a run were kept. */
const scheduleSchema: z.ZodType<ScheduleKept> = z.object({
  timePoints: z.number().int(),
  late: z.number().int(),
  leftOut: z.number().int(),
  latestS: z.number(),
  askedIntervalS: z.number(),
  intervalS: z.number(),
});

export const runResultSchema = z.object({
  name: z.string(),
  plan: z.string(),
  exitStatus: z.enum(['success', 'abort', 'fail']),
  /** The operator's word or the error, empty for a good run. */
  reason: z.string(),
  frames: z.number().int(),
  elapsedS: z.number(),
  /** What was said of its duration before, s; null: nothing. */
  predictedS: rangeSSchema.nullable(),
  /** Frames that were expected; null: nobody knew. */
  expectedFrames: z.number().int().nullable(),
  /** How its times were kept; null: it had none. */
  schedule: scheduleSchema.nullable(),
  /** The same in words, where time points were late or left out; null: none was. */
  scheduleNote: z.string().nullable(),
  /** Empty: nothing of it was kept. */
  folder: z.string(),
  /** What to give to `review.open`. */
  runId: z.string(),
  runStartUids: z.array(z.string()),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type RunResult = z.infer<typeof runResultSchema>;

export const acquisitionStateSchema = z.object({
  engine: z.enum(ENGINE_STATES),
  /** A pause was asked for and waits for the end of the step. */
  pausePending: z.boolean(),
  /** Another is checked, and its folder made. */
  isPreparing: z.boolean(),
  run: runProgressSchema.nullable(),
  last: runResultSchema.nullable(),
});
export type AcquisitionState = z.infer<typeof acquisitionStateSchema>;

export const problemSchema = z.object({
  /** Which part of the form: `channels.0.exposure`, or empty. */
  field: z.string(),
  message: z.string(),
  severity: z.enum(['error', 'advice']),
});

export const estimateSchema = z.object({
  /** `extrapolated`: counted from the first part of a very long plan; `unknown`: nobody can say how long it takes. */
  kind: z.enum(['whole', 'extrapolated', 'unknown']),
  frames: z.number().int(),
  /** Of all images with all levels, on the disk. */
  bytes: z.number(),
  /** `atMost`: images are compressed, and nobody knows beforehand how well. */
  bytesKind: z.enum(['exact', 'atMost']),
  moves: z.number().int(),
  messages: z.number().int(),
  /** null: unknown. */
  seconds: rangeSSchema.nullable(),
  /** Part of it that was measured in earlier runs, 0 to 1; the rest is a guess. */
  learnt: z.number(),
  /** What the figures leave out. */
  notes: z.array(z.string()),
  /** Free where runs are saved. */
  freeBytes: z.number(),
  /** What it asks of the disk on average; null: unknown. */
  neededBytesPerS: z.number().nullable(),
  /** What the disk takes, as measured in the folder of runs; null: not measured. */
  diskBytesPerS: z.number().nullable(),
  problems: z.array(problemSchema),
});
export type Estimate = z.infer<typeof estimateSchema>;

export const DOCUMENT_NAMES = [
  'start',
  'descriptor',
  'event',
  'event_page',
  'resource',
  'datum',
  'datum_page',
  'stream_resource',
  'stream_datum',
  'bulk_events',
  'bulk_datum',
  'stop',
] as const;
const documentSchema = z.object({ name: z.enum(DOCUMENT_NAMES), document: z.record(z.string(), z.unknown()) });

const startedSchema = z.object({
  /** Name of the run folder. */
  name: z.string(),
  /** Of the run, in `changed` and `ended`. */
  runId: z.string(),
});

/** Runs plans and tells how they get on. */
export const acquisitionChannel = defineChannel({
  name: 'acquisition',
  calls: {
    /** Starts a plan; answers when it has been taken, not when it is done. Refused with `plan/...` before anything moves. */
    run: { request: z.object({ item: planItemSchema }), response: startedSchema, timeoutMs: null },
    /** Goes on with an interrupted `mda` that was recovered, at its first missing frame. Refused with `recover/...`, or as `run`. */
    goOnWith: { request: z.object({ id: runIdSchema }), response: startedSchema, timeoutMs: null },
    /**
     * Looks through items that are to be run one after the other, with the room that they need together; nothing moves. Answers what an
     * operator should know. Refused with what is wrong, and with which item.
     */
    check: {
      needs: 'observe',
      request: z.object({ items: z.array(planItemSchema) }),
      response: z.object({ notes: z.array(z.string()) }),
      timeoutMs: null,
    },
    estimate: { request: z.object({ item: planItemSchema }), response: estimateSchema, needs: 'observe' },
    /** Each plan: name, description, order of its arguments, parameters as JSON Schema. */
    plans: {
      needs: 'observe',
      request: nothing,
      response: z.array(
        z.object({
          name: z.string(),
          description: z.string(),
          positional: z.array(z.string()),
          parameters: z.record(z.string(), z.unknown()),
        }),
      ),
    },
    pause: { request: z.object({ defer: z.boolean() }), response: nothing },
    resume: { request: nothing, response: nothing },
    /** Goes on with a run that waits for its disk, its images in another folder of the host. Refused with `target/...`. */
    goOnIn: { request: z.object({ folder: z.string().min(1) }), response: nothing, timeoutMs: 30_000 },
    /** Ends the run in good order; what was acquired is complete. */
    stop: { request: nothing, response: nothing },
    abort: { request: z.object({ reason: z.string() }), response: nothing },
    /** Ends the run at once, without its clean-up: what is left when an abort does not get through. */
    halt: { request: nothing, response: nothing },
  },
  events: {
    changed: { payload: acquisitionStateSchema, retained: true },
    /** After everything of the run is on disk and lights are out. */
    ended: { payload: runResultSchema, retained: false },
    /** Each document of a run, in the order in which they are made. */
    documented: { payload: documentSchema, retained: false },
  },
  streams: {},
});

import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { safetyActSchema } from '../guardian/safety-act.ts';
import { deviceAnswerSchema } from './device-answer.ts';
import { nothing } from './session.ts';

/** How far one part of STOP has come. */
export const stopStepSchema = z.discriminatedUnion('kind', [
  /** There is nothing of the kind. */
  z.object({ kind: z.literal('nothing') }),
  /** Everybody answered, and what was read back says so; ms after the request. */
  z.object({ kind: z.literal('done'), ms: z.number() }),
  /** Nobody knows. */
  z.object({ kind: z.literal('not-confirmed'), who: z.array(z.string()) }),
]);
export type StopStep = z.infer<typeof stopStepSchema>;

export const stopReportSchema = z.object({
  /** Unix time, s. */
  time: z.number(),
  by: z.string(),
  motion: stopStepSchema,
  lights: stopStepSchema,
  run: stopStepSchema,
  devices: z.array(deviceAnswerSchema),
  /** What became of the data, one sentence. */
  data: z.string(),
});
export type StopReport = z.infer<typeof stopReportSchema>;

export const safetyStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('armed') }),
  z.object({ kind: z.literal('stopping'), by: z.string() }),
  /** Set, kickoff and light-on are refused until it is armed again. */
  z.object({ kind: z.literal('stopped'), report: stopReportSchema }),
]);
export type SafetyState = z.infer<typeof safetyStateSchema>;

/** The guardian process, as the host knows it. */
export const guardianStateSchema = z.object({
  /** Where a page reaches it without the host; null: not yet, or it cannot be reached. */
  page: z.object({ port: z.number().int(), token: z.string() }).nullable(),
  /** The last time it made everything safe by itself, in this session or at the end of the one before; null: never. */
  lastAct: safetyActSchema.nullable(),
});
export type GuardianState = z.infer<typeof guardianStateSchema>;

/** The one STOP: motion, lights and run. */
export const safetyChannel = defineChannel({
  name: 'safety',
  calls: {
    /** Everybody's, whoever has the control. */
    stop: {
      request: z.object({ by: z.string() }),
      response: stopReportSchema,
      timeoutMs: 5_000,
      needs: 'observe',
    },
    rearm: { request: nothing, response: nothing },
  },
  events: {
    changed: { payload: safetyStateSchema, retained: true },
    guardian: { payload: guardianStateSchema, retained: true },
  },
  streams: {},
});

import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

export const stopReportSchema = z.object({
  /** Unix time, s. */
  time: z.number(),
  by: z.string(),
  /** ms after the request; null: there was nothing to do. */
  motionHaltedMs: z.number().nullable(),
  lightsOffMs: z.number().nullable(),
  runAbortedMs: z.number().nullable(),
  devices: z.array(
    z.object({
      name: z.string(),
      /** Did it answer within 500 ms? */
      answered: z.boolean(),
      answer: z.string(),
      ms: z.number(),
    }),
  ),
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

/** The one STOP: motion, lights and run. */
export const safetyChannel = defineChannel({
  name: 'safety',
  calls: {
    stop: { request: z.object({ by: z.string() }), response: stopReportSchema, timeoutMs: 5_000 },
    rearm: { request: nothing, response: nothing },
  },
  events: { changed: { payload: safetyStateSchema, retained: true } },
  streams: {},
});

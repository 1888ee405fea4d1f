import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';

export const storageStateSchema = z.object({
  /** `nothing`: runs are dry, and what follows says nothing of them. */
  keeps: z.enum(['runs', 'nothing']),
  folder: z.string(),
  freeBytes: z.number().nullable(),
  /** What is wrong with the folder; empty: nothing. */
  problems: z.array(z.object({ code: z.string(), message: z.string() })),
  /** The disk is full before the run ends: Unix times, s; `endsAt` is null when nobody knows when the run ends. Null: no such danger. */
  forecast: z.object({ fullAt: z.number(), endsAt: z.number().nullable() }).nullable(),
});
export type StorageState = z.infer<typeof storageStateSchema>;

/** The disk that runs go to. */
export const storageChannel = defineChannel({
  name: 'storage',
  calls: {},
  events: { changed: { payload: storageStateSchema, retained: true } },
  streams: {},
});

import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Memory, remembered } from './remembered.ts';

export const ACQUIRE_AXES = ['channels', 'z', 'time', 'positions'] as const;
export type AcquireAxis = (typeof ACQUIRE_AXES)[number];

/** Outermost first: t time, p position, c channel, z plane. */
export const AXIS_ORDERS = ['tpzc', 'tpcz', 'ptzc', 'ptcz'] as const;
export type AxisOrder = (typeof AXIS_ORDERS)[number];

const channelChoiceSchema = z.object({
  use: z.boolean(),
  exposureMs: z.number().positive(),
  zOffsetUm: z.number(),
  /** Every how many time points. */
  every: z.number().int().positive(),
});
export type ChannelChoice = z.infer<typeof channelChoiceSchema>;

const positionSchema = z.object({
  name: z.string(),
  x: z.number().nullable(),
  y: z.number().nullable(),
  z: z.number().nullable(),
});
export type StoredPosition = z.infer<typeof positionSchema>;

const acquireFormSchema = z.object({
  use: z.object({ channels: z.boolean(), z: z.boolean(), time: z.boolean(), positions: z.boolean() }),
  open: z.enum(ACQUIRE_AXES),
  order: z.enum(AXIS_ORDERS),
  /** By name; those of other sessions are kept for their return. */
  channels: z.record(z.string(), channelChoiceSchema),
  planes: z.number().int().positive(),
  zStepUm: z.number().positive(),
  times: z.number().int().positive(),
  intervalS: z.number().nonnegative(),
  positions: z.array(positionSchema),
});
export type AcquireForm = z.infer<typeof acquireFormSchema>;
export type AcquireFormStore = StoreApi<AcquireForm>;

export const EMPTY_ACQUIRE_FORM: AcquireForm = {
  use: { channels: true, z: false, time: false, positions: false },
  open: 'channels',
  order: 'tpzc',
  channels: {},
  planes: 5,
  zStepUm: 1,
  times: 2,
  intervalS: 1,
  positions: [],
};

/** What the operator filled in, kept per client. */
export function createAcquireFormStore(memory: Memory): AcquireFormStore {
  const kept = remembered(memory, 'redsun.acquire', 1, acquireFormSchema);
  const store = createStore<AcquireForm>()(() => kept.read() ?? EMPTY_ACQUIRE_FORM);
  store.subscribe((form) => kept.write(form));
  return store;
}

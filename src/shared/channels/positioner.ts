import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

export const axisStateSchema = z.object({
  /** Device name: `z`, `xy-x`. */
  name: z.string(),
  /** How the panel calls it: `X`, `Y`, `Z`. */
  label: z.string(),
  /** What jog arrows it takes. */
  kind: z.enum(['x', 'y', 'z', 'other']),
  units: z.enum(['um', 'deg']),
  /** Which way of the picture it moves the sample along: x to the sides, y up and down; null: none. */
  imageAxis: z.enum(['x', 'y']).nullable(),
  /** 1: a larger target shows what lay to the right of, or below, the picture; -1: the other way round. */
  imageDirection: z.union([z.literal(1), z.literal(-1)]),
  /** Last target; null when none was given. */
  target: z.number().nullable(),
  /** Read back; null when nobody has read it. */
  position: z.number().nullable(),
  limits: z.object({ low: z.number(), high: z.number() }),
  tolerance: z.number(),
  moving: z.boolean(),
});
export type AxisState = z.infer<typeof axisStateSchema>;

/** Stages and focus. Soft limits are enforced in the host; a refused move throws `device/limit`. */
export const positionerChannel = defineChannel({
  name: 'positioner',
  calls: {
    /** Resolves when the axis has arrived. */
    move: { request: z.object({ axis: z.string(), target: z.number() }), response: nothing, timeoutMs: 120_000 },
    moveBy: { request: z.object({ axis: z.string(), delta: z.number() }), response: nothing, timeoutMs: 120_000 },
  },
  events: { changed: { payload: z.object({ axes: z.array(axisStateSchema) }), retained: true } },
  streams: {},
});

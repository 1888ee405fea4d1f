import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

const clientSchema = z.object({ id: z.string(), name: z.string() });

export const controlStateSchema = z.object({
  /** Who drives the microscope; null: nobody, and whoever begins to does. */
  holder: clientSchema.nullable(),
  /** Who would like to. */
  asking: clientSchema
    .extend({
      /** Unix time, s, when it has the control if nobody answers. */
      until: z.number(),
    })
    .nullable(),
  /** Everybody who is connected. */
  clients: z.array(clientSchema),
});
export type ControlState = z.infer<typeof controlStateSchema>;

/** One operator at a time: who has the control, and how it goes from one to the next. STOP needs none. */
export const controlChannel = defineChannel({
  name: 'control',
  calls: {
    /** Answers whether one has it; false: the holder was asked. Refused with `control/asked` when another one asked before. */
    ask: { request: nothing, response: z.object({ granted: z.boolean() }), needs: 'observe' },
    /** The holder grants what was asked for, or keeps the control; who asked takes it back. Refused with `control/not-yours`. */
    answer: { request: z.object({ grants: z.boolean() }), response: nothing, needs: 'observe' },
    /** The holder gives it up. */
    release: { request: nothing, response: nothing, needs: 'observe' },
  },
  events: { changed: { payload: controlStateSchema, retained: true } },
  streams: {},
});

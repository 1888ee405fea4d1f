import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

export const lightStateSchema = z.object({
  name: z.string(),
  /** null: white */
  wavelengthNm: z.number().nullable(),
  on: z.boolean(),
  intensityPercent: z.number(),
  /** Measured; null: the device cannot tell. */
  powerMw: z.number().nullable(),
});
export type LightCard = z.infer<typeof lightStateSchema>;

export const selectorStateSchema = z.object({
  name: z.string(),
  role: z.enum(['selector', 'objective']),
  labels: z.array(z.string()),
  selected: z.string(),
  moving: z.boolean(),
});

export const lightPathSchema = z.object({
  lights: z.array(lightStateSchema),
  shutters: z.array(z.object({ name: z.string(), open: z.boolean() })),
  selectors: z.array(selectorStateSchema),
  /** Lights and shutter only while exposing. */
  autoShutter: z.boolean(),
  /** The chosen channel; null: custom, none of the presets matches. */
  channel: z.string().nullable(),
});
export type LightPath = z.infer<typeof lightPathSchema>;

/** Lights, shutters, filter wheels, objectives and the channel presets that set them. */
export const lightChannel = defineChannel({
  name: 'light',
  calls: {
    setLight: {
      request: z.object({
        light: z.string(),
        on: z.boolean().optional(),
        intensityPercent: z.number().min(0).max(100).optional(),
      }),
      response: nothing,
    },
    /** Works at any time, also during a run. */
    allOff: { request: nothing, response: nothing },
    setShutter: { request: z.object({ shutter: z.string(), open: z.boolean() }), response: nothing },
    select: { request: z.object({ device: z.string(), label: z.string() }), response: nothing, timeoutMs: 30_000 },
    selectChannel: { request: z.object({ channel: z.string() }), response: nothing, timeoutMs: 30_000 },
    setAutoShutter: { request: z.object({ on: z.boolean() }), response: nothing },
  },
  events: { changed: { payload: lightPathSchema, retained: true } },
  streams: {},
});

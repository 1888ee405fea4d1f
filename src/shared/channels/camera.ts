import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

export const regionSchema = z.object({
  x: z.number().int().nonnegative(),
  y: z.number().int().nonnegative(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

export const cameraSettingsSchema = z.object({
  exposureMs: z.number().positive(),
  gain: z.number().positive(),
  binning: z.number().int().positive(),
  bitDepth: z.number().int().positive(),
  region: regionSchema,
});

const rangeSchema = z.object({ low: z.number(), high: z.number() });

export const cameraStateSchema = z.object({
  name: z.string(),
  model: z.string(),
  settings: cameraSettingsSchema,
  limits: z.object({
    exposureMs: rangeSchema,
    gain: rangeSchema,
    binnings: z.array(z.number()),
    bitDepths: z.array(z.number()),
  }),
  sensor: z.object({ widthPx: z.number(), heightPx: z.number(), pixelSizeUm: z.number() }),
  frame: z.object({ widthPx: z.number(), heightPx: z.number() }),
  /** Edge of a picture pixel in the sample, um; null: no objective known. */
  umPerPx: z.number().nullable(),
  live: z.boolean(),
  /** Frames per second that the camera gives; null when it gives none. */
  fps: z.number().nullable(),
});
export type CameraState = z.infer<typeof cameraStateSchema>;

const sign = z.union([z.literal(1), z.literal(-1)]);

export const frameHeaderSchema = z.object({
  camera: z.string(),
  /** Counts every frame of the camera; gaps are frames that were not shown. */
  index: z.number().int(),
  /** Size of the payload, px. */
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  /** Camera pixels per payload pixel along each side. */
  step: z.number().int(),
  /** Of the whole camera frame, px. */
  fullWidthPx: z.number().int(),
  fullHeightPx: z.number().int(),
  bitDepth: z.number().int(),
  /** Unix time, s, at the end of the exposure. */
  time: z.number(),
  exposureMs: z.number(),
  /** Channel that was lit, if the host chose one. */
  channel: z.string().nullable(),
  /** Stage at the time, um; null when there is none. */
  stageUm: z.object({ x: z.number().nullable(), y: z.number().nullable(), z: z.number().nullable() }),
  umPerPx: z.number().nullable(),
  /** Position of the stage that has the middle of the picture where the middle of the sensor is, um; null: not known. */
  middleUm: z.object({ x: z.number(), y: z.number() }).nullable(),
  /** How the stage moves against the picture. */
  direction: z.object({ x: sign, y: sign, swapped: z.boolean() }),
  /** Part of all pixels of the camera frame that are full, by what the camera says of itself, 0..1. */
  saturated: z.number(),
  source: z.enum(['snap', 'live', 'run']),
  /** The run that took it, and where the frame belongs in it; `place` null: the plan does not say. */
  run: z.object({ name: z.string(), place: z.record(z.string(), z.number().int()).nullable() }).nullable(),
});
export type FrameHeader = z.infer<typeof frameHeaderSchema>;

/** Snap, Live, camera settings, and the frames to look at. */
export const cameraChannel = defineChannel({
  name: 'camera',
  calls: {
    /** One picture with the chosen channel; stops Live. Not stored. */
    snap: { request: z.object({ camera: z.string() }), response: nothing, timeoutMs: 60_000 },
    startLive: { request: z.object({ camera: z.string() }), response: nothing },
    stopLive: { request: nothing, response: nothing },
    applySettings: {
      request: z.object({ camera: z.string(), settings: cameraSettingsSchema.partial() }),
      response: nothing,
    },
  },
  events: { changed: { payload: z.object({ cameras: z.array(cameraStateSchema) }), retained: true } },
  streams: {
    /** Newest frame wins. Payload: uint16, little-endian, C order, `heightPx` x `widthPx`. */
    frames: {
      params: z.object({ camera: z.string(), maxPixels: z.number().int().positive() }),
      header: frameHeaderSchema,
    },
  },
});

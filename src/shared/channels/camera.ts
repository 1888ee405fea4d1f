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
    /** `none`: it gives the whole sensor only. */
    regions: z.enum(['free', 'none']),
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
  /** Place of the first pixel in the camera frame, px. */
  x: z.number().int(),
  y: z.number().int(),
  /** Size of the picture, px. */
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  /** Camera pixels per pixel along each side, of which each is the mean. */
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
  /** Part of all pixels of the camera frame that are full, by what the camera says of itself, 0..1. In Live at most 0.1 s old. */
  saturated: z.number(),
  /** Of all pixels of the camera frame; its bins come after the pixels. null: they were not counted. */
  histogram: z
    .object({
      /** Number of bins, uint32 each. */
      bins: z.number().int(),
      /** Counts of the first. */
      offset: z.number(),
      /** Counts per bin. */
      binWidth: z.number(),
      pixels: z.number().int(),
      min: z.number(),
      max: z.number(),
      mean: z.number(),
    })
    .nullable(),
  source: z.enum(['snap', 'live', 'run']),
  /** The run that took it, and where the frame belongs in it; `place` null: the plan does not say. */
  run: z.object({ name: z.string(), place: z.record(z.string(), z.number().int()).nullable() }).nullable(),
});
export type FrameHeader = z.infer<typeof frameHeaderSchema>;

const framesAskedSchema = z.object({
  camera: z.string(),
  /** Part of the camera frame, px; null: all of it. */
  region: regionSchema.nullable().default(null),
  /** Camera pixels along each side of a pixel of the picture, of which it is the mean. */
  step: z.number().int().positive().default(1),
  /** Where `step` would give more, a larger one is taken. */
  maxPixels: z.number().int().positive(),
  /** Pictures per second, at most. */
  maxFps: z.number().positive().default(60),
});
export type FramesAsked = z.infer<typeof framesAskedSchema>;

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
    /**
     * Exactly what is asked for, newest frame wins. Payload: uint16, little-endian, C order, `heightPx` x `widthPx`; then the bins of the
     * histogram, uint32, from the next multiple of 4 bytes.
     */
    frames: {
      params: framesAskedSchema,
      header: frameHeaderSchema,
    },
  },
});

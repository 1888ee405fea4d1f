import { z } from 'zod';
import { COMPRESSIONS } from './compression.ts';

// The session file, in its own spelling (snake_case). Published as JSON Schema in docs/session.schema.json.

export const FRONTENDS = ['electron'] as const;

const componentSchema = z
  .looseObject({
    plugin_name: z.string().min(1).describe('Bundle that it comes from'),
    plugin_id: z.string().min(1).describe('What of the bundle, as its redsun.yaml lists it'),
  })
  .describe('A part from a bundle; further keys are its own options');

/** Where frames of runs go: `zarr` is the disk, `memory` keeps the newest frames and nothing else. */
export const BUILT_IN_WRITERS = ['zarr', 'memory'] as const;

const writerSchema = z
  .union([z.enum(BUILT_IN_WRITERS), componentSchema], {
    error: `${BUILT_IN_WRITERS.join(', ')}, or a writer of a bundle: {plugin_name: ..., plugin_id: ...}`,
  })
  .default('zarr')
  .describe(
    'What becomes of the frames: zarr writes OME-Zarr; memory keeps no run on the disk, for tests and dry runs',
  );

export const channelSchema = z.strictObject({
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'a colour such as "#3ddc84"')
    .describe('Over the image'),
  exposure_ms: z.number().positive().max(600_000).describe('Default exposure, ms'),
  emission_nm: z
    .number()
    .positive()
    .max(3000)
    .optional()
    .describe('Middle of what the emission filter lets through, nm; goes into the images'),
  lights: z.record(z.string(), z.number().min(0).max(100)).default({}).describe('Light and its intensity, %'),
  set: z.record(z.string(), z.string()).default({}).describe('Selector or objective and the label it is set to'),
});

const directionSchema = z
  .union([z.literal(1), z.literal(-1)])
  .default(1)
  .describe('1: a larger target shows what lay to the right of (below) the picture; -1: to the left (above)');

export const sessionSchema = z.strictObject({
  schema_version: z.literal(1),
  frontend: z.enum(FRONTENDS),
  session: z.string().min(1).max(60).default('redsun').describe('Names the scope, and the folder that its runs go to'),
  metadata: z.record(z.string(), z.unknown()).default({}).describe('Goes into every start document'),
  storage: z
    .strictObject({
      base_path: z.string().min(1).optional().describe('Runs go below it; ~ is your home folder'),
      writer: writerSchema,
      memory_mb: z
        .number()
        .int()
        .min(1)
        .max(65_536)
        .default(256)
        .describe('Newest frames that the writer "memory" keeps, MB; older ones are dropped'),
      compression: z
        .enum(COMPRESSIONS)
        .default('none')
        .describe(
          'How images are compressed: blosc-zstd makes the smallest files, blosc-lz4 the faster ones; none is fastest',
        ),
      levels: z
        .number()
        .int()
        .min(1)
        .max(10)
        .default(1)
        .describe('Resolutions of each image, the full one included; each is half as large as the one before'),
    })
    .prefault({}),
  devices: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'a name of letters, digits and _'), componentSchema)
    .default({}),
  presenters: z.record(z.string(), componentSchema).optional().describe("Presenters of bundles, beside the app's own"),
  views: z.record(z.string(), componentSchema).optional(),
  channels: z.record(z.string(), channelSchema).default({}),
  review: z
    .strictObject({
      folders: z
        .array(z.string().min(1))
        .default([])
        .describe(
          'Stores in them may be opened from a browser, beside runs; ~ is your home folder, others are relative to this file',
        ),
    })
    .prefault({}),
  stage_direction: z
    .strictObject({
      x: directionSchema,
      y: directionSchema,
      swapped: z
        .boolean()
        .default(false)
        .describe('true: the camera is turned by a quarter, so that x moves the picture up or down and y to the sides'),
    })
    .default({ x: 1, y: 1, swapped: false })
    .describe('How the stage moves against the picture'),
  deadlines: z
    .strictObject({
      connect_s: z
        .number()
        .positive()
        .max(3600)
        .default(10)
        .describe('A device that is not connected by then is left behind, s; the session opens without it'),
      shutdown_s: z
        .number()
        .positive()
        .max(600)
        .default(5)
        .describe('A device or presenter that has not shut down by then is left behind, s; the program ends'),
    })
    .prefault({}),
  auto_shutter: z.boolean().default(true).describe('Lights and shutter only while exposing'),
});

export type SessionFile = z.infer<typeof sessionSchema>;
export type SessionComponent = z.infer<typeof componentSchema>;
export type SessionChannel = z.infer<typeof channelSchema>;

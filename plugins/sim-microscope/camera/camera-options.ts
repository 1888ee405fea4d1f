import { z } from 'zod';

/** What the session file may say of a camera. */
export const cameraOptions = z.strictObject({
  mode: z
    .enum(['physical', 'ramp'])
    .default('physical')
    .meta({ description: 'physical: pictures of the specimen; ramp: known pixels, to check what becomes of them' }),
  size_px: z.int().min(512).max(4096).default(512).meta({ description: 'Edge of the square sensor', units: 'px' }),
  pixel_size_um: z.number().positive().max(100).default(6.5).meta({ description: 'Edge of a pixel', units: 'um' }),
  bit_depth: z
    .union([z.literal(8), z.literal(12), z.literal(16)])
    .default(16)
    .meta({ description: 'Bits of a count' }),
  exposure_ms: z.number().min(0.01).max(60_000).default(10).meta({ description: 'Exposure at start', units: 'ms' }),
  gain: z.number().min(0.1).max(16).default(1).meta({ description: 'Gain at start' }),
  binning: z
    .union([z.literal(1), z.literal(2), z.literal(4)])
    .default(1)
    .meta({ description: 'Binning at start' }),
  readout_ms: z.number().min(0).max(10_000).default(5).meta({ description: 'Time to read a frame', units: 'ms' }),
  seed: z.int().default(1).meta({ description: 'Of the noise' }),

  electrons_per_count: z.number().positive().default(0.5).meta({ description: 'At gain 1 and 16 bits' }),
  full_well_electrons: z.number().positive().default(30_000).meta({ description: 'A pixel holds no more' }),
  read_noise_electrons: z.number().min(0).default(1.6).meta({ description: 'Standard deviation per pixel' }),
  dark_electrons_per_s: z.number().min(0).default(0.5).meta({ description: 'Without light, per pixel' }),
  offset_counts: z.number().min(0).max(10_000).default(100).meta({ description: 'Without light, at 16 bits' }),

  specimen_seed: z.int().default(1).meta({ description: 'Another number, another specimen' }),
  specimen_size_um: z.number().positive().default(6000).meta({ description: 'Edge of what is grown', units: 'um' }),
  specimen_z_um: z.number().default(0).meta({ description: 'In focus here', units: 'um' }),
  specimen_tilt_um_per_mm: z.number().default(0).meta({ description: 'Focus rises along x', units: 'um/mm' }),
  bleach_dose_mw_s: z
    .number()
    .min(0)
    .default(2000)
    .meta({ description: 'Light that leaves 1/e of a dye; 0: no bleaching', units: 'mW s' }),

  xy: z.string().optional().meta({ description: 'Name of the stage that moves the specimen' }),
  z: z.string().optional().meta({ description: 'Name of the focus axis' }),
  lights: z
    .array(z.string())
    .optional()
    .meta({ description: 'Names of the lights; default: a lamp that is always on' }),
  wheel: z.string().optional().meta({ description: 'Name of the wheel with the filter cubes' }),
  shutter: z.string().optional().meta({ description: 'Name of the shutter in front of the lights' }),
  turret: z.string().optional().meta({ description: 'Name of the objective turret' }),
  magnification: z.number().positive().max(200).default(10).meta({ description: 'Without a turret' }),
  numerical_aperture: z.number().positive().max(1.6).default(0.3).meta({ description: 'Without a turret' }),
});
export type CameraOptions = z.infer<typeof cameraOptions>;

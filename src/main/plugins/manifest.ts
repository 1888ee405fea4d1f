import { z } from 'zod';

const place = z.string().regex(/^\.\/[^:]+:[A-Za-z_$][\w$]*$/, 'a place such as "./camera.ts:SimCamera"');

/** `redsun.yaml` of a bundle. */
export const manifestSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name of small letters, digits and -'),
  version: z.string().min(1),
  description: z.string().default(''),
  sdk: z.string().default('*'),
  devices: z.record(z.string(), place).default({}),
  presenters: z.record(z.string(), place).default({}),
  writers: z.record(z.string(), place).default({}),
  plans: z.record(z.string(), place).default({}),
  views: z.record(z.string(), place).default({}),
  permissions: z.array(z.enum(['serial', 'network', 'files'])).default([]),
});
export type Manifest = z.infer<typeof manifestSchema>;

import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';
import { nothing } from './session.ts';

export const propertySchema = z.object({
  /** Names it in its device: `exposure_ms`. */
  key: z.string(),
  type: z.enum(['number', 'integer', 'boolean', 'string', 'array']),
  /** As read back. */
  value: z.unknown(),
  /** `before-run`: a run relies on it. */
  access: z.enum(['read-only', 'before-run', 'read-write']),
  units: z.string().optional(),
  /** Of a number, both included. */
  limits: z.object({ low: z.number(), high: z.number() }).optional(),
  choices: z.array(z.union([z.string(), z.number()])).optional(),
  /** What it belongs to, for people. */
  group: z.string().optional(),
});
export type Property = z.infer<typeof propertySchema>;

export const devicePropertiesSchema = z.object({ device: z.string(), properties: z.array(propertySchema) });
export type DeviceProperties = z.infer<typeof devicePropertiesSchema>;

const which = { device: z.string(), key: z.string() };

/** What devices are set to and know of themselves, whatever they are. */
export const propertiesChannel = defineChannel({
  name: 'properties',
  calls: {
    /** Of all devices that have some, in the order of the session. */
    list: { request: nothing, response: z.array(devicePropertiesSchema), needs: 'observe' },
    get: { request: z.object(which), response: propertySchema, needs: 'observe' },
    /** Answers what it is then, as read back. Refused with `device/limit`, `device/read-only`, and what the device says. */
    set: { request: z.object({ ...which, value: z.unknown() }), response: propertySchema, timeoutMs: 60_000 },
  },
  events: {
    /** What is different since it was told last; whole properties, as limits may have changed, too. */
    changed: { payload: devicePropertiesSchema, retained: false },
  },
  streams: {},
});

import { defineChannel } from 'redsun/sdk/presenter';
import { z } from 'zod';

/** Nothing to say. */
export const nothing = z.void();

export const viewDescriptorSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** lucide icon name */
  icon: z.string(),
  position: z.enum(['center', 'left', 'right', 'top', 'bottom']),
  /** In which window layouts it shows. */
  layouts: z.array(z.enum(['acquire', 'review'])),
  /** Which React component draws it: `redsun:live` for the app's own. */
  component: z.string(),
  /** Presenter channels that it may use. */
  channels: z.array(z.string()),
});
export type ViewDescriptor = z.infer<typeof viewDescriptorSchema>;

export const deviceCardSchema = z.object({
  name: z.string(),
  plugin: z.string(),
  pluginId: z.string(),
  role: z.string().nullable(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ready') }),
    z.object({
      kind: z.literal('failed'),
      /** What happened, in words. */
      reason: z.string(),
      code: z.string(),
      /** Unix time, s. */
      since: z.number(),
      attempts: z.number().int(),
      /** Channels that do not work without it. */
      affects: z.array(z.string()),
    }),
    z.object({ kind: z.literal('starting') }),
  ]),
});
export type DeviceCard = z.infer<typeof deviceCardSchema>;

export const opticalChannelSchema = z.object({
  name: z.string(),
  colour: z.string().regex(/^#[0-9a-f]{6}$/i),
  exposureMs: z.number().positive(),
  /** Lights that this channel uses. */
  lights: z.array(z.string()),
});
export type OpticalChannel = z.infer<typeof opticalChannelSchema>;

/** What the operator said for the record, by the key of the question; null: left blank on purpose. */
export const factAnswersSchema = z.record(z.string().max(200), z.union([z.string().max(1000), z.number(), z.null()]));
export type FactAnswers = z.infer<typeof factAnswersSchema>;

export const factSchema = z.object({
  key: z.string(),
  title: z.string(),
  kind: z.enum(['text', 'number']),
  /** The most a number may be; null: any. */
  high: z.number().nullable(),
  value: z.union([z.string(), z.number(), z.null()]),
  /** Answered, or left blank on purpose: not asked again, but can be changed. */
  asked: z.boolean(),
});
export type Fact = z.infer<typeof factSchema>;

export const sessionStateSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** Every device of the session is simulated. */
  simulated: z.boolean(),
  devices: z.array(deviceCardSchema),
  views: z.array(viewDescriptorSchema),
  channels: z.array(opticalChannelSchema),
  /** Where run folders are made. */
  saveFolder: z.string(),
  /** What papers are asked for and neither session nor devices say. */
  facts: z.array(factSchema),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

/** What the session consists of, and which devices failed. */
export const sessionChannel = defineChannel({
  name: 'session',
  calls: {
    /** Refused while a run goes on. */
    recordFacts: { request: z.object({ answers: factAnswersSchema }), response: nothing },
    /** Builds a failed device anew. */
    retryDevice: { request: z.object({ name: z.string() }), response: nothing, timeoutMs: 30_000 },
    /** What was said last over the links of a device, one line of text for each exchange; for reports. */
    exchanges: {
      needs: 'observe',
      request: z.object({ device: z.string() }),
      response: z.object({ lines: z.array(z.string()) }),
    },
  },
  events: { changed: { payload: sessionStateSchema, retained: true } },
  streams: {},
});

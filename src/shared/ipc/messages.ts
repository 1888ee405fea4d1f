import { z } from 'zod';

/** Rises when an old window could not talk to a new host. */
export const PROTOCOL_VERSION = 2;

const id = z.number().int().nonnegative();

/** An error as it crosses the bridge: code, message, cause and details survive. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly cause?: WireError | undefined;
  /** For programs; what they are, the code says. */
  readonly details?: unknown;
}

export const wireErrorSchema: z.ZodType<WireError> = z.object({
  code: z.string(),
  message: z.string(),
  get cause() {
    return wireErrorSchema.optional();
  },
  details: z.unknown().optional(),
});

/** What a window may say to the host. */
export const clientMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id, channel: z.string(), name: z.string(), payload: z.unknown().optional() }),
  z.object({ kind: z.literal('cancel'), id }),
  z.object({ kind: z.literal('subscribe'), id, channel: z.string(), event: z.string() }),
  z.object({ kind: z.literal('open'), id, channel: z.string(), stream: z.string(), params: z.unknown().optional() }),
  /** The receiver wants this many more frames of stream `id`. */
  z.object({ kind: z.literal('credit'), id, frames: z.number().int().min(1).max(16) }),
  /** Ends a subscription or a stream. */
  z.object({ kind: z.literal('close'), id }),
  z.object({ kind: z.literal('ping') }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** What the host may say to a window. */
export const hostMessageSchema = z.discriminatedUnion('kind', [
  /** `client`: who the window is for the host. */
  z.object({
    kind: z.literal('hello'),
    protocol: z.number(),
    client: z.object({ id: z.string(), name: z.string() }),
  }),
  z.object({ kind: z.literal('result'), id, value: z.unknown().optional() }),
  z.object({ kind: z.literal('error'), id, error: wireErrorSchema }),
  z.object({ kind: z.literal('event'), id, payload: z.unknown().optional() }),
  z.object({
    kind: z.literal('frame'),
    id,
    header: z.unknown(),
    payload: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  z.object({ kind: z.literal('end'), id }),
  z.object({ kind: z.literal('pong') }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

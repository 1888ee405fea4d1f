import { z } from 'zod';

/** Why the guardian made everything safe. */
export const safetyReasonSchema = z.enum([
  /** Somebody pressed STOP. */
  'stop',
  /** The program that drives the microscope ended without a word. */
  'host-gone',
  /** Its main thread did not say anything for two seconds. */
  'host-silent',
  /** The computer slept, or everything on it stood still. */
  'asleep',
  /** The host asked for it. */
  'asked',
  /** The guardian before this one died. */
  'guardian-replaced',
  /** Somebody ended the guardian. */
  'guardian-ended',
  /** A port was closed on purpose. */
  'port-closed',
  /** A port that had gone away with something on it that shines was there again. */
  'port-back',
]);
export type SafetyReason = z.infer<typeof safetyReasonSchema>;

/** What became of one device. */
export const safetyOutcomeSchema = z.object({
  device: z.string(),
  order: z.enum(['light', 'motion']),
  /** `confirmed`: the device answered as it should. `sent`: it never answers, nobody can know. `failed`: it may be lit or moving. */
  outcome: z.enum(['confirmed', 'sent', 'failed']),
  /** What was sent and what came back last, Latin-1. */
  sent: z.string(),
  received: z.string().nullable(),
  error: z.string().nullable(),
  attempts: z.number(),
  /** After the beginning of the act. */
  ms: z.number(),
});
export type SafetyOutcome = z.infer<typeof safetyOutcomeSchema>;

/** One time that the guardian made everything safe. */
export const safetyActSchema = z.object({
  /** Counts up in one guardian. */
  number: z.number(),
  reason: safetyReasonSchema,
  /** Who asked, where somebody did. */
  by: z.string().nullable(),
  /** Unix time, s. */
  time: z.number(),
  session: z.string(),
  devices: z.array(safetyOutcomeSchema),
  tookMs: z.number(),
});
export type SafetyAct = z.infer<typeof safetyActSchema>;

const WHY: Readonly<Record<SafetyReason, string>> = {
  stop: 'STOP was pressed',
  'host-gone': 'the program that drives the microscope was gone',
  'host-silent': 'the program did not respond for 2 s',
  asleep: 'the computer had been asleep or stood still',
  asked: 'the program asked for it',
  'guardian-replaced': 'the guardian process had died',
  'guardian-ended': 'the guardian process was ended',
  'port-closed': 'a port was closed',
  'port-back': 'a port that had gone was back',
};

/** Why, as the end of a sentence. */
export function reasonInWords(reason: SafetyReason): string {
  return WHY[reason];
}

/** What became of the devices, in one line: what failed first. */
export function devicesInWords(devices: readonly SafetyOutcome[]): string {
  if (devices.length === 0) return 'nothing was connected that shines or moves';
  const failed = devices.filter(({ outcome }) => outcome === 'failed');
  const sent = devices.filter(({ outcome }) => outcome === 'sent');
  const confirmed = devices.filter(({ outcome }) => outcome === 'confirmed');
  const parts = [
    failed.length === 0
      ? ''
      : `NOT CONFIRMED, look at it: ${failed.map(({ device, error }) => `${device} (${error})`).join(', ')}`,
    sent.length === 0 ? '' : `told, without an answer: ${sent.map(({ device }) => device).join(', ')}`,
    confirmed.length === 0
      ? ''
      : `safe: ${confirmed.map(({ device, ms }) => `${device} (${Math.round(ms)} ms)`).join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** What the guardian did, and why, in a sentence that claims no more than what came back. */
export function actInWords({ reason, by, devices }: SafetyAct): string {
  const isSafe = devices.every(({ outcome }) => outcome === 'confirmed');
  const did = isSafe ? 'made everything safe' : 'told everything to be safe';
  const whose = by === null ? '' : ` by ${by}`;
  return `The guardian ${did}, as ${reasonInWords(reason)}${whose}: ${devicesInWords(devices)}`;
}

/** From the guardian to a page. */
export const guardianToPageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('host'),
    /** `silent`: it has not said anything for a while; `gone`: it has ended. */
    host: z.enum(['well', 'silent', 'gone']),
    silentMs: z.number(),
  }),
  z.object({ kind: z.literal('acting'), reason: safetyReasonSchema, by: z.string().nullable() }),
  z.object({ kind: z.literal('acted'), act: safetyActSchema }),
]);
export type GuardianToPage = z.infer<typeof guardianToPageSchema>;

/** From a page to the guardian. */
export const pageToGuardianSchema = z.object({ kind: z.literal('stop'), by: z.string().max(200) });
export type PageToGuardian = z.infer<typeof pageToGuardianSchema>;

import { sequenceSchema } from '../../src/main/host/plans/mda-schema.ts';
import { expandSequence, type MdaEvent, type MdaSequence } from '../../src/sdk/plans/index.ts';

/** An event as `make_useq_fixtures.py` writes it. */
export type UseqEvent = Readonly<Record<string, unknown>>;

/** What useq-schema made of a sequence. */
export interface UseqOutcome {
  readonly sequence: MdaSequence;
  readonly events?: readonly UseqEvent[];
  /** It does not take the sequence. */
  readonly refused?: readonly string[];
  /** It takes the sequence and fails while going through it. */
  readonly broke?: string;
}

/** Of places, um, and times, s. */
const TOLERANCE = 1e-9;

/** Our event in the words of useq-schema. */
export function inUseqWords(event: MdaEvent): UseqEvent {
  const { properties } = event;
  return {
    index: event.index,
    channel: event.channel,
    exposure: event.exposureMs,
    min_start_time: event.minStartS,
    pos_name: event.posName,
    x_pos: event.xUm,
    y_pos: event.yUm,
    z_pos: event.zUm,
    action: event.action,
    keep_shutter_open: event.keepShutterOpen,
    reset_event_timer: event.resetEventTimer,
    properties: properties.length > 0 ? properties : null,
  };
}

/** Where two values differ, by more than rounding in numbers; null: nowhere. */
export function difference(ours: unknown, theirs: unknown, path = ''): string | null {
  if (typeof ours === 'number' && typeof theirs === 'number') {
    return Math.abs(ours - theirs) <= TOLERANCE ? null : `${path}: ${ours}, useq ${theirs}`;
  }
  if (typeof ours !== 'object' || typeof theirs !== 'object' || ours === null || theirs === null) {
    return ours === theirs ? null : `${path}: ${JSON.stringify(ours)}, useq ${JSON.stringify(theirs)}`;
  }
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const [one, other] = [ours, theirs].map((value) => (value as Record<string, unknown>)[key]);
    const found = difference(one, other, path === '' ? key : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** What our side makes of a sequence, by the schema of the plan and then by its expansion: events, or why it is refused. */
export function ourOutcome(sequence: MdaSequence): { readonly events?: UseqEvent[]; readonly refused?: string } {
  const { data, error } = sequenceSchema.safeParse(sequence);
  if (error) return { refused: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
  try {
    return { events: [...expandSequence(data)].map(inUseqWords) };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

/** Where our events differ from those of useq-schema; null: nowhere. */
export function compare({ sequence, events, refused, broke }: UseqOutcome): string | null {
  const ours = ourOutcome(sequence);
  if (ours.refused !== undefined || events === undefined) {
    const theirs = refused?.[0] ?? broke ?? null;
    if (ours.refused !== undefined && theirs !== null) return null;
    return `ours: ${ours.refused ?? 'is taken'}; useq: ${theirs ?? 'is taken'}`;
  }
  const count = ours.events?.length ?? 0;
  for (let at = 0; at < Math.min(count, events.length); at++) {
    const found = difference(ours.events?.[at], events[at], `event ${at}`);
    if (found !== null) return found;
  }
  return count === events.length ? null : `${count} events, useq ${events.length}`;
}

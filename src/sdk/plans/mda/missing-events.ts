import type { MdaResume } from './context.ts';
import type { MdaEvent } from './events.ts';
import { expandSequence, type MdaOrigin } from './expand.ts';
import type { MdaProperty, MdaSequence } from './sequence.ts';

/** What of an interrupted sequence is still to be taken. */
export interface MdaRemainder {
  /** Exposures that are missing. */
  readonly missing: number;
  /** Exposures of the whole sequence before the first that is missing. */
  readonly before: number;
}

/**
 * Counts what of a sequence is missing.
 * @param origin - where the stage and the focus were when it began. @param isDone - true when the frame of a place is there.
 * @throws RedsunError `mda/bad-sequence`, `mda/unknown-plate` as `expandSequence` does.
 */
export function mdaRemainder(sequence: MdaSequence, origin: MdaOrigin, isDone: MdaResume['isDone']): MdaRemainder {
  let missing = 0;
  let before = 0;
  for (const { action, place } of expandSequence(sequence, origin)) {
    if (action.type !== 'acquire_image') continue;
    if (!isDone(place)) missing++;
    else if (missing === 0) before++;
  }
  return { missing, before };
}

/** Exposures among `events` that are missing. */
export function countMissing(events: Iterable<MdaEvent>, isDone: MdaResume['isDone']): number {
  let missing = 0;
  for (const { action, place } of events) if (action.type === 'acquire_image' && !isDone(place)) missing++;
  return missing;
}

/**
 * The events that are still to be carried out. What was done on arrival at a place where some frames are there already is done again:
 * focusing, properties. Time is counted from the first missing exposure, so that those after it keep their intervals.
 */
export function* missingEvents(events: Iterable<MdaEvent>, isDone: MdaResume['isDone']): Generator<MdaEvent> {
  const focusing = new Map<number, MdaEvent>();
  const properties = new Map<number, readonly MdaProperty[]>();
  let begun = false;
  let passedS = 0;
  for (const event of events) {
    const { action, place } = event;
    if (event.properties.length > 0) properties.set(place.p, event.properties);
    if (event.resetEventTimer) passedS = 0;
    if (action.type === 'hardware_autofocus') {
      focusing.set(place.p, event);
      continue;
    }
    if (isDone(place)) continue;
    if (!begun) passedS = event.minStartS ?? 0;
    begun = true;
    const focus = focusing.get(place.p);
    const toSet = properties.get(place.p) ?? [];
    focusing.delete(place.p);
    properties.delete(place.p);
    if (focus) yield later(focus, passedS, toSet);
    yield later(event, passedS, focus ? [] : toSet);
  }
}

function later(event: MdaEvent, passedS: number, properties: readonly MdaProperty[]): MdaEvent {
  const { minStartS, nextStartS } = event;
  return {
    ...event,
    properties,
    minStartS: minStartS === null ? null : Math.max(0, minStartS - passedS),
    nextStartS: nextStartS === null ? null : Math.max(0, nextStartS - passedS),
  };
}

import type { Msg } from '../engine/msg.ts';

/** Of messages that keep a pace. Not enumerable: what a message says is the same with and without it. */
const PACE = Symbol.for('redsun.plan-pace');

/** A pace that a plan keeps: something begins every `intervalS`. */
export interface Pace {
  /** Tells beginnings apart: the same object at the beginning and at the sleep that ends it. */
  readonly beginning: object;
  /** s from one beginning to the next; null: this message is the beginning. */
  readonly intervalS: number | null;
}

/** Marks the message that begins or ends an interval: how long such a sleep takes depends on what was done before it. */
export function paced(message: Msg, pace: Pace): Msg {
  Object.defineProperty(message, PACE, { value: pace });
  return message;
}

/** What `paced` said. */
export function paceOf(message: Msg): Pace | null {
  return PACE in message ? (message[PACE] as Pace) : null;
}

import { UNCACHED } from './commands.ts';
import type { Msg } from './msg.ts';

/** What a resume repeats. */
export interface Replay {
  /** In the order in which they were executed. */
  readonly messages: Msg[];
  /** The last one did not come to its end: its answer comes from the replay. */
  readonly endsBrokenOff: boolean;
}

/** Messages since the last checkpoint, until there is no way back. */
export class ReplayCache {
  /** null: there is no way back. */
  #messages: Msg[] | null = [];
  #brokenOff: Msg | null = null;

  /** A paused plan could go on. */
  get isKept(): boolean {
    return this.#messages !== null;
  }

  /** A message is about to be executed. */
  note(message: Msg): void {
    if (this.#messages !== null && !UNCACHED.has(message.command)) this.#messages.push(message);
  }

  /** What was executed is not repeated: a checkpoint. */
  forget(): void {
    if (this.#messages && this.#messages.length > 0) this.#messages = [];
  }

  /** There is no way back from here. */
  giveUp(): void {
    this.#messages = null;
  }

  /** A pause broke a message off; null: what broke it off was no pause. */
  breakOff(message: Msg | null): void {
    this.#brokenOff = message;
  }

  /** What is to be repeated now; kept from the beginning again. */
  take(): Replay {
    const messages = this.#messages ?? [];
    const brokenOff = this.#brokenOff;
    // What is not kept for a replay is still repeated when it did not come to its end.
    if (brokenOff && messages[messages.length - 1] !== brokenOff) messages.push(brokenOff);
    this.#brokenOff = null;
    if (this.#messages) this.#messages = [];
    return { messages, endsBrokenOff: brokenOff !== null };
  }
}

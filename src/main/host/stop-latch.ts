import { isLight, isShutter } from 'redsun/sdk/device';
import type { Msg } from 'redsun/sdk/engine';
import { RedsunError } from 'redsun/sdk/util';

/** STOP stays pulled until it is re-armed: clean-up code cannot move the stage or light a laser again. */
export class StopLatch {
  #pulled = false;

  get pulled(): boolean {
    return this.#pulled;
  }

  pull(): void {
    this.#pulled = true;
  }

  rearm(): void {
    this.#pulled = false;
  }

  /** @throws RedsunError `safety/stopped` */
  check(what: string): void {
    if (this.#pulled) throw new RedsunError('safety/stopped', `${what}: refused, STOP was pressed. Re-arm first.`);
  }

  /** For the engine: what a plan may still do while stopped is to put things out and close them. */
  readonly guard = (message: Msg): void => {
    if (!this.#pulled) return;
    const { command, obj, args } = message;
    if (command === 'kickoff' || command === 'trigger') this.check(command);
    if (command !== 'set') return;
    const value = args[0] as { on?: boolean } | string;
    const darkens =
      (isLight(obj) && typeof value === 'object' && value.on === false) || (isShutter(obj) && value === 'closed');
    if (!darkens) this.check(command);
  };
}

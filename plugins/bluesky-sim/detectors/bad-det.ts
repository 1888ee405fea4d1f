import { type Awaitable, Status } from 'redsun/sdk/device';
import type { Reading } from 'redsun/sdk/events';
import { z } from 'zod';
import type { Surroundings } from '../sim-device.ts';
import { Det } from './det.ts';

/** How it fails. */
export const BAD_MODES = ['trigger_raises', 'trigger_fails', 'read_raises', 'read_none', 'stage_raises'] as const;
export type BadMode = (typeof BAD_MODES)[number];

const options = z.strictObject({
  mode: z.enum(BAD_MODES).meta({ description: 'How it fails' }),
  at: z.number().int().min(1).default(1).meta({ description: 'At which call it fails first' }),
});

/** A detector that fails, to see what a plan makes of it. */
export class BadDet extends Det {
  static override readonly options = options;
  readonly #mode: BadMode;
  readonly #at: number;
  #calls = 0;

  constructor(
    name: string,
    { mode, at = 1 }: { readonly mode: BadMode; readonly at?: number },
    surroundings?: Surroundings,
  ) {
    super(name, {}, surroundings);
    this.#mode = mode;
    this.#at = at;
  }

  override stage(): Awaitable<Status | readonly unknown[]> {
    if (this.#failsNow('stage')) throw new Error('stage broke');
    return super.stage();
  }

  override trigger(): Status {
    if (!this.#failsNow('trigger')) return super.trigger();
    if (this.#mode === 'trigger_raises') throw new Error('trigger broke');
    this.called('trigger');
    const status = new Status({ label: `${this.name}.trigger` });
    status.setException(new Error('hardware fault'));
    return status;
  }

  override read(): Record<string, Reading> {
    if (!this.#failsNow('read')) return super.read();
    // What a driver without types can do to the engine.
    if (this.#mode === 'read_none') return null as unknown as Record<string, Reading>;
    throw new Error('read broke');
  }

  #failsNow(method: string): boolean {
    if (!this.#mode.startsWith(method)) return false;
    this.#calls++;
    return this.#calls >= this.#at;
  }
}

import type { Pausable } from 'redsun/sdk/device';
import { NoReplayAllowed } from 'redsun/sdk/engine';
import { z } from 'zod';
import type { Surroundings } from '../sim-device.ts';
import { Det } from './det.ts';

const options = z.strictObject({
  no_replay: z.boolean().default(false).meta({ description: 'What it did before a pause must not be repeated' }),
});

/** A detector that hears of pauses. */
export class PausableDet extends Det implements Pausable {
  static override readonly options = options;
  readonly #noReplay: boolean;

  constructor(name: string, { no_replay = false }: { readonly no_replay?: boolean } = {}, surroundings?: Surroundings) {
    super(name, {}, surroundings);
    this.#noReplay = no_replay;
  }

  pause(): void {
    this.called('pause');
    if (this.#noReplay) throw new NoReplayAllowed('no replay');
  }

  resume(): void {
    this.called('resume');
  }
}

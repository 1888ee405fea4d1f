import type { RunEngine } from 'redsun/sdk/engine';
import type { Logger } from 'redsun/sdk/log';
import type { Clock } from 'redsun/sdk/util';
import { darkWords, notSafe } from '../../shared/channels/device-answer.ts';
import type { ChannelServer } from '../ipc/channel-server.ts';
import type { Optics } from './optics.ts';
import type { CameraPresenter } from './presenters/camera-presenter.ts';

/** A window that is loaded anew is back by then. */
const WINDOW_GRACE_MS = 5_000;
/** Live, or a light that burns, that nobody has touched for so long has been forgotten. */
export const LIVE_FORGOTTEN_MS = 15 * 60_000;

interface LightWatchOptions {
  readonly clock: Clock;
  readonly server: ChannelServer;
  readonly engine: RunEngine;
  readonly optics: Optics;
  readonly camera: CameraPresenter;
  readonly logger: Logger;
}

/** Puts lights out that nobody sees: when the last window has gone and no run is going, and when Live was forgotten. */
export class LightWatch implements Disposable {
  readonly #options: LightWatchOptions;
  readonly #connections: Disposable[];
  #grace: Disposable | null = null;
  #forgotten: Disposable | null = null;
  #hadWindow = false;

  constructor(options: LightWatchOptions) {
    this.#options = options;
    const { server } = options;
    this.#connections = [
      server.connectionsChanged.connect((count) => {
        if (count > 0) this.#hadWindow = true;
        this.look();
      }),
      server.called.connect(() => this.#touched()),
    ];
  }

  /** Looks whether anybody is there; to be called when a run has ended, too. */
  look(): void {
    this.#grace?.[Symbol.dispose]();
    this.#grace = null;
    const { clock, server, engine } = this.#options;
    if (!this.#hadWindow || server.connectionCount > 0 || engine.state !== 'idle') return;
    this.#grace = clock.setTimeout(() => void this.#darken('The last window has gone'), WINDOW_GRACE_MS);
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection[Symbol.dispose]();
    this.#grace?.[Symbol.dispose]();
    this.#forgotten?.[Symbol.dispose]();
  }

  #touched(): void {
    this.#forgotten?.[Symbol.dispose]();
    const { clock, camera, engine, optics } = this.#options;
    this.#forgotten = clock.setTimeout(() => {
      // A run looks after its light itself; one that is paused has put it out.
      if (engine.state !== 'idle') return this.#touched();
      const minutes = LIVE_FORGOTTEN_MS / 60_000;
      if (camera.isLive) void this.#darken(`Live was not touched for ${minutes} min`);
      else if (optics.lights.some(({ state }) => state.on)) void this.#darken(`Nothing was touched for ${minutes} min`);
    }, LIVE_FORGOTTEN_MS);
  }

  async #darken(why: string): Promise<void> {
    const { camera, optics, logger } = this.#options;
    const wasLive = camera.isLive;
    // Not after Live: a camera that hangs must not keep the light on.
    const dark = optics.makeDark();
    await camera.stopLive();
    const answers = await dark;
    const words = `${why}: ${wasLive ? 'Live stopped. ' : ''}${darkWords(answers)}`;
    if (notSafe(answers).length > 0) logger.error(words);
    else logger.warning(words);
  }
}

import { type DeviceContext, roleOf } from 'redsun/sdk/device';
import { isSignal } from 'redsun/sdk/virtual';
import type { IlluminateMessage } from '../render/protocol.ts';
import type { CameraOptions } from './camera-options.ts';
import { devicesOnPath, type LightPath } from './light-path.ts';

/** Adds up the light that falls on the specimen, with or without a camera looking: dyes bleach by it. */
export class LightMeter {
  readonly #clock: DeviceContext['clock'];
  readonly #look: () => LightPath;
  readonly #report: (message: IlluminateMessage) => void;
  #since: { readonly path: LightPath; readonly atMs: number };

  constructor(
    options: CameraOptions,
    context: DeviceContext,
    look: () => LightPath,
    report: (message: IlluminateMessage) => void,
  ) {
    this.#clock = context.clock;
    this.#look = look;
    this.#report = report;
    this.#since = { path: look(), atMs: context.clock.monotonicMs() };
    for (const device of devicesOnPath(options, context.devices)) {
      if (roleOf(device) !== null && 'changed' in device && isSignal(device.changed)) {
        device.changed.connect(() => this.settle());
      }
    }
  }

  /** Reports the light since the last time, and looks at what is lit from now on. */
  settle(): LightPath {
    const { path, atMs } = this.#since;
    const nowMs = this.#clock.monotonicMs();
    const doses = path.powers.map(({ structure, powerMw }) => ({
      structure,
      doseMwS: (powerMw * (nowMs - atMs)) / 1000,
    }));
    if (nowMs > atMs && doses.length > 0) this.#report({ kind: 'illuminate', area: path.area, doses });
    this.#since = { path: this.#look(), atMs: nowMs };
    return this.#since.path;
  }
}

import { type Axis, isAxis, isXYStage, type PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { type AxisState, positionerChannel } from '../../../shared/channels/positioner.ts';
import { findFocus } from '../plans/mda-plan.ts';
import { refuseDuringRun } from '../run/refuse-during-run.ts';
import type { HostServices } from '../services.ts';
import { throttle } from '../throttle.ts';

/** What it is made of. */
export type PositionerServices = Pick<HostServices, 'clock' | 'engine' | 'latch' | 'loggerFor' | 'roster' | 'session'>;

/** Moves axes for the operator and tells where they are, ten times a second at most. */
export class PositionerPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[{ axes: AxisState[] }]>();
  readonly #host: PositionerServices;
  readonly #watched = new Set<Axis>();
  readonly #announce: () => void;
  readonly #scope = new DisposableStack();

  constructor(name: string, host: PositionerServices) {
    this.name = name;
    this.#host = host;
    this.devices = host.roster.devices;
    this.#announce = throttle(() => this.changed.emit({ axes: this.#states() }), 100, host.clock);
    this.#scope.use(host.roster.changed.connect(() => this.#watch()));
    this.channel = serveChannel(positionerChannel, {
      calls: {
        move: async ({ axis, target }) => this.#move(axis, () => target),
        moveBy: async ({ axis, delta }) =>
          this.#move(axis, (device) => (device.target ?? device.position ?? 0) + delta),
      },
      events: { changed: this.changed },
      streams: {},
    });
  }

  shutdown(): void {
    this.#scope.dispose();
  }

  async #move(name: string, targetOf: (axis: Axis) => number): Promise<void> {
    const { latch, engine, loggerFor } = this.#host;
    latch.check(`Move ${name}`);
    refuseDuringRun(engine, `move ${name}`);
    const axis = this.devices.get(name);
    if (!isAxis(axis)) throw new RedsunError('device/unknown', `No axis "${name}" in this session`);
    const target = targetOf(axis);
    await axis.checkValue(target);
    await axis.set(target).wait();
    loggerFor(name).info(
      `Moved to ${target.toFixed(2)} ${axis.units === 'um' ? 'µm' : '°'}, read back ${axis.position?.toFixed(2) ?? '?'}`,
    );
  }

  #watch(): void {
    for (const device of this.devices.values()) {
      if (!isAxis(device) || this.#watched.has(device)) continue;
      this.#watched.add(device);
      this.#scope.use(device.changed.connect(this.#announce));
    }
    this.#announce();
  }

  #states(): AxisState[] {
    const all = [...this.devices.values()];
    const xy = all.find(isXYStage) ?? null;
    const focus = findFocus(all, xy);
    return all.filter(isAxis).map((axis) => {
      const kind = axis === xy?.x ? 'x' : axis === xy?.y ? 'y' : axis === focus ? 'z' : 'other';
      const { name, units, target, position, limits, tolerance, moving } = axis;
      return {
        name,
        label: kind === 'other' ? name : kind.toUpperCase(),
        kind,
        units,
        imageAxis: imageAxisOf(kind, this.#host.session.file.stage_direction.swapped),
        imageDirection: kind === 'x' || kind === 'y' ? this.#host.session.file.stage_direction[kind] : 1,
        target,
        position,
        limits,
        tolerance,
        moving,
      };
    });
  }
}

function imageAxisOf(kind: AxisState['kind'], swapped: boolean): AxisState['imageAxis'] {
  if (kind !== 'x' && kind !== 'y') return null;
  return (kind === 'x') === swapped ? 'y' : 'x';
}

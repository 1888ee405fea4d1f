import type { Readable } from '../../device/protocols.ts';
import type { Axis } from '../../device/roles.ts';
import { msg, type Plan } from '../../engine/msg.ts';
import { onAbort } from '../../util/disposable.ts';
import { waitFor } from '../stubs.ts';
import { finalizeWrapper } from '../wrappers.ts';
import { BurstFrames, BurstReading } from './burst-readings.ts';
import type { BurstDevices } from './bursts.ts';
import type { MdaEvent } from './events.ts';

/** An exposure of a burst. */
export interface BurstFrame {
  readonly place: MdaEvent['place'];
  /** Where axes are meant to be, in their own unit. */
  readonly targets: ReadonlyMap<Axis, number>;
  /** ms; null: as the camera is set. */
  readonly exposureMs: number | null;
}

/** An axis, and what it goes through in a burst. */
interface Load {
  readonly axis: BurstDevices['axes'][number];
  readonly values: readonly number[];
}

/** Takes bursts, and afterwards tells of their exposures one by one. */
export class BurstRun {
  readonly devices: BurstDevices;
  /** Stands for the camera in events. */
  readonly frames: BurstFrames;
  readonly #axes: ReadonlyMap<unknown, BurstReading>;
  #loads: readonly Load[] = [];

  constructor(devices: BurstDevices) {
    this.devices = devices;
    this.frames = new BurstFrames(devices.camera);
    this.#axes = new Map(devices.axes.map((axis) => [axis, new BurstReading(axis)]));
  }

  /** What is read in the place of a device; null: the device itself. */
  standInFor(device: Readable): Readable | null {
    return device === this.devices.camera ? this.frames : (this.#axes.get(device) ?? null);
  }

  /** Arms the axes that move, lights, exposes; the axes are disarmed however it ends. */
  *take(frames: readonly BurstFrame[], illuminate: () => Plan<void>): Plan<void> {
    const { camera } = this.devices;
    const loads = this.#loadsOf(frames);
    this.#loads = loads;
    const burst = frames.map(({ place, targets }) => ({
      index: place,
      asked: Object.fromEntries([...targets].map(([axis, target]) => [axis.name, target])),
    }));
    const exposuresMs = frames.map(({ exposureMs }) => exposureMs ?? camera.settings.exposureMs);
    const shoot = (signal: AbortSignal) => this.#shoot(exposuresMs, signal);
    function* armed(): Plan<void> {
      yield* waitFor(
        loads.map(
          ({ axis, values }) =>
            () =>
              axis.armSequence(values).wait(),
        ),
      );
      yield msg('frame_place', null, [], { burst });
      yield* illuminate();
      yield* waitFor([shoot]);
    }
    yield* finalizeWrapper(armed(), () => waitFor([() => disarmAll(loads)]));
  }

  /** Events tell of this exposure of the last burst; null: of the devices as they are. In a message, as a run may go back. */
  *show(at: number | null): Plan<void> {
    const loads = this.#loads;
    const show = async () => {
      this.frames.show(at);
      for (const { axis, values } of loads) this.#axes.get(axis)?.show(at === null ? null : (values[at] ?? null));
    };
    yield* waitFor([show]);
  }

  /** Axes that stand still are not armed. */
  #loadsOf(frames: readonly BurstFrame[]): Load[] {
    return this.devices.axes.flatMap((axis): Load[] => {
      const values = frames.flatMap(({ targets }) => targets.get(axis) ?? []);
      return new Set(values).size > 1 ? [{ axis, values }] : [];
    });
  }

  async #shoot(exposuresMs: readonly number[], signal: AbortSignal): Promise<void> {
    const { camera } = this.devices;
    await this.frames.begin();
    signal.throwIfAborted();
    using _stop = onAbort(signal, () => void camera.stop());
    await camera.triggerBurst(exposuresMs).wait();
  }
}

/** Each is tried, whatever became of the others; the first fault goes on. */
async function disarmAll(loads: readonly Load[]): Promise<void> {
  const outcomes = await Promise.allSettled(loads.map(async ({ axis }) => axis.disarmSequence()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

import { isCamera, isLight, isShutter, isStoppable, type PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { asError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { type SafetyState, type StopReport, safetyChannel } from '../../../shared/channels/safety.ts';
import type { HostServices } from '../services.ts';
import { within } from '../within.ts';
import type { CameraPresenter } from './camera-presenter.ts';

/** Longer than this without an answer: it may still be moving or lit. */
const ANSWER_MS = 500;

type DeviceAnswer = StopReport['devices'][number];

/** The one STOP: lights and motion at the same time, then the run. It never waits for a device that does not answer. */
export class SafetyPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[SafetyState]>();
  readonly #host: HostServices;
  readonly #camera: CameraPresenter | null;

  constructor(name: string, host: HostServices, camera: CameraPresenter | null) {
    this.name = name;
    this.#host = host;
    this.#camera = camera;
    this.devices = host.roster.devices;
    this.channel = serveChannel(safetyChannel, {
      calls: {
        stop: async ({ by }) => this.stop(by),
        rearm: async () => {
          host.latch.rearm();
          host.loggerFor('stop').info('Re-armed');
          this.changed.emit({ kind: 'armed' });
        },
      },
      events: { changed: this.changed },
      streams: {},
    });
  }

  announce(): void {
    this.changed.emit({ kind: 'armed' });
  }

  async stop(by: string): Promise<StopReport> {
    const { clock, engine, latch, loggerFor } = this.#host;
    const startMs = clock.monotonicMs();
    const since = () => Math.round(clock.monotonicMs() - startMs);
    latch.pull();
    this.changed.emit({ kind: 'stopping', by });
    const wasRunning = engine.state !== 'idle';
    const all = [...new Set(this.devices.values())];
    const lightsAnswer = Promise.all(
      all.filter((device) => isLight(device) || isShutter(device)).map((device) => this.#darken(device, since)),
    );
    const motionAnswer = Promise.all(
      all.filter((device) => isStoppable(device) && !isChild(device, all)).map((device) => this.#halt(device, since)),
    );
    const runAnswer = wasRunning
      ? this.#within(engine.abort(`STOP by ${by}`)).then(() => since())
      : Promise.resolve(null);
    const live = this.#within(this.#camera?.stopLive() ?? Promise.resolve());
    const lights = await lightsAnswer;
    const lightsOffMs = lights.length > 0 ? since() : null;
    const motion = await motionAnswer;
    const motionHaltedMs = motion.length > 0 ? since() : null;
    const runAbortedMs = await runAnswer;
    await live;
    const report: StopReport = {
      time: clock.now(),
      by,
      motionHaltedMs,
      lightsOffMs,
      runAbortedMs,
      devices: [...motion, ...lights],
      data: wasRunning ? 'The run was aborted. Every acknowledged frame is kept and readable.' : 'No run was going.',
    };
    const silent = report.devices.filter(({ answered }) => !answered).length;
    loggerFor('stop').warning(
      silent === 0
        ? `Stopped by ${by}, all ${report.devices.length} devices answered`
        : `Stopped by ${by}, ${silent} of ${report.devices.length} devices did not answer`,
    );
    this.changed.emit({ kind: 'stopped', report });
    return report;
  }

  async #darken(device: PDevice, since: () => number): Promise<DeviceAnswer> {
    if (isLight(device)) {
      const wasOn = device.state.on;
      return this.#answer(device, since, async () => {
        await device.turnOff();
        return wasOn ? 'Off' : 'Already off';
      });
    }
    return this.#answer(device, since, async () => {
      if (isShutter(device)) await device.set('closed').wait();
      return 'Closed';
    });
  }

  #halt(device: PDevice, since: () => number): Promise<DeviceAnswer> {
    return this.#answer(device, since, async () => {
      if (isStoppable(device)) await device.stop({ success: false });
      return isCamera(device) ? 'Exposure cancelled' : 'Halted';
    });
  }

  async #answer(device: PDevice, since: () => number, action: () => Promise<string>): Promise<DeviceAnswer> {
    const { name } = device;
    try {
      const answer = await this.#within(action());
      if (answer === null)
        return { name, answered: false, answer: 'No answer. It may still be moving or lit.', ms: since() };
      return { name, answered: true, answer, ms: since() };
    } catch (thrown) {
      return { name, answered: false, answer: asError(thrown).message, ms: since() };
    }
  }

  /** Null: it takes too long. */
  #within<T>(work: Promise<T>): Promise<T | null> {
    return within(work, ANSWER_MS, this.#host.clock);
  }
}

/** Axes of a stage are halted with it. */
function isChild(device: PDevice, all: readonly PDevice[]): boolean {
  return device.parent !== null && all.some((other) => other === device.parent);
}

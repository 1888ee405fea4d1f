import type { PDevice } from 'redsun/sdk/device';
import { type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import { type DeviceAnswer, darkWords, notSafe } from '../../../shared/channels/device-answer.ts';
import {
  type GuardianState,
  type SafetyState,
  type StopReport,
  type StopStep,
  safetyChannel,
} from '../../../shared/channels/safety.ts';
import { ANSWER_MS, makeSafe } from '../safety/make-safe.ts';
import type { HostServices } from '../services.ts';
import { within } from '../within.ts';
import type { CameraPresenter } from './camera-presenter.ts';

/** What it is made of. */
export type SafetyServices = Pick<
  HostServices,
  'clock' | 'duty' | 'engine' | 'latch' | 'loggerFor' | 'optics' | 'roster'
>;

/** The one STOP: lights and motion at the same time, then the run. It never waits for a device that does not answer. */
export class SafetyPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly changed = new Signal<[SafetyState]>();
  readonly guardian = new Signal<[GuardianState]>();
  readonly #host: SafetyServices;
  readonly #camera: CameraPresenter | null;
  #guardian: GuardianState = { page: null, lastAct: null };
  readonly #scope = new DisposableStack();

  constructor(name: string, host: SafetyServices, camera: CameraPresenter | null) {
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
      events: { changed: this.changed, guardian: this.guardian },
      streams: {},
    });
    this.#scope.use(host.duty.acted.connect((act) => this.tellGuardian({ lastAct: act })));
  }

  shutdown(): void {
    this.#scope.dispose();
  }

  announce(): void {
    this.changed.emit({ kind: 'armed' });
    this.guardian.emit(this.#guardian);
  }

  /** What windows know of the guardian changes. */
  tellGuardian(news: Partial<GuardianState>): void {
    this.#guardian = { ...this.#guardian, ...news };
    this.guardian.emit(this.#guardian);
  }

  /**
   * Something was thrown that nobody caught: nobody knows what was left half done. A run looks after its light itself; else Live ends and
   * it is dark. Nothing where nothing shines. Never rejects.
   */
  async darkenAfterFault(): Promise<void> {
    const { engine, optics, loggerFor } = this.#host;
    const isLit = optics.lights.some(({ state }) => state.on) || optics.shutters.some(({ isOpen }) => isOpen);
    if (engine.state !== 'idle' || !isLit) return;
    const dark = optics.makeDark();
    await within(this.#camera?.stopLive() ?? Promise.resolve(), ANSWER_MS, this.#host.clock).catch(() => null);
    const answers = await dark;
    const isKnown = notSafe(answers).length === 0;
    loggerFor('fault')[isKnown ? 'warning' : 'error'](`After a fault that nobody caught: ${darkWords(answers)}`);
  }

  /** @param by - who pressed it, for the record. Never rejects. */
  async stop(by: string): Promise<StopReport> {
    const { clock, duty, engine, latch, loggerFor } = this.#host;
    const time = clock.now();
    const startMs = clock.monotonicMs();
    latch.pull();
    this.changed.emit({ kind: 'stopping', by });
    const wasRunning = engine.state !== 'idle';
    // The run is told first: what its devices do from now on is no failure of its own.
    const aborted = wasRunning ? within(engine.abort(`STOP by ${by}`), ANSWER_MS, clock) : Promise.resolve();
    const devices = makeSafe(this.devices.values(), { clock, whenFree: duty.whenFree });
    const live = within(this.#camera?.stopLive() ?? Promise.resolve(), ANSWER_MS, clock);
    const answers = await devices;
    await aborted;
    const isOver = engine.state === 'idle';
    const sinceMs = Math.round(clock.monotonicMs() - startMs);
    await live;
    const report: StopReport = {
      time,
      by,
      motion: stepOf(answers.filter(({ risk }) => risk === 'motion')),
      lights: stepOf(answers.filter(({ risk }) => risk === 'light')),
      run: runStep(wasRunning, isOver, sinceMs),
      devices: answers,
      data: wasRunning ? 'The run was aborted. Every acknowledged frame is kept and readable.' : 'No run was going.',
    };
    const doubtful = notSafe(answers);
    if (doubtful.length === 0) {
      loggerFor('stop').warning(`Stopped by ${by}: all ${answers.length} devices are safe, as read back`);
    } else loggerFor('stop').error(`Stopped by ${by}. NOT KNOWN TO BE SAFE, look at them: ${doubtful.join(', ')}`);
    this.changed.emit({ kind: 'stopped', report });
    return report;
  }
}

function stepOf(answers: readonly DeviceAnswer[]): StopStep {
  if (answers.length === 0) return { kind: 'nothing' };
  const who = notSafe(answers);
  return who.length > 0
    ? { kind: 'not-confirmed', who }
    : { kind: 'done', ms: Math.max(...answers.map(({ ms }) => ms)) };
}

/** A run that cleans up is aborted all the same, but not over. */
function runStep(wasRunning: boolean, isOver: boolean, ms: number): StopStep {
  if (!wasRunning) return { kind: 'nothing' };
  return isOver ? { kind: 'done', ms } : { kind: 'not-confirmed', who: ['the clean-up of the plan'] };
}

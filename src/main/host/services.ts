import type { RunEngine } from 'redsun/sdk/engine';
import type { LogBuffer } from 'redsun/sdk/log';
import type { Clock } from 'redsun/sdk/util';
import type { Signal, VirtualContainer } from 'redsun/sdk/virtual';
import type { ViewDescriptor } from '../../shared/channels/session.ts';
import type { LoadedSession } from '../session/load-session.ts';
import type { Roots } from '../storage/target/roots.ts';
import type { TargetSurvey } from '../storage/target/target-survey.ts';
import type { DeviceRoster } from './device-roster.ts';
import type { LoggerFor } from './logging.ts';
import type { Optics } from './optics.ts';
import type { PlanRegistry } from './plans/plan-registry.ts';
import type { RecordedFacts } from './recorded-facts.ts';
import type { RunRecovery } from './recovery/run-recovery.ts';
import type { RunEstimator } from './run-estimator.ts';
import type { RunStorage } from './run-storage/run-storage.ts';
import type { GuardianDuty } from './safety/guardian-duty.ts';
import type { InterruptedFrames } from './safety/interrupted-frames.ts';
import type { StopLatch } from './stop-latch.ts';
import type { DeviceTimings } from './timings/device-timings.ts';
import type { WorkClock } from './work-clock.ts';

/** What the app's own presenters are made of. Bundles get the container instead. */
export interface HostServices {
  readonly clock: Clock;
  readonly session: LoadedSession;
  /** Runs go below it: `<base>/<session>/<date>/<plan>_<counter>`. */
  readonly baseFolder: string;
  readonly container: VirtualContainer;
  readonly roster: DeviceRoster;
  readonly engine: RunEngine;
  /** Time of plans: it stands still while a run is paused. */
  readonly work: WorkClock;
  readonly plans: PlanRegistry;
  readonly estimator: RunEstimator;
  /** What devices took for what they were asked, in this session's runs. */
  readonly timings: DeviceTimings;
  readonly optics: Optics;
  /** What the folder of runs can do, and how fast it is. */
  readonly survey: TargetSurvey;
  readonly storage: RunStorage;
  /** More frames were acknowledged, or are known to be on the disk. */
  readonly countsChanged: Signal<[]>;
  /** Which folders may be looked into from a window. */
  readonly roots: Roots;
  /** Of runs that their program did not see to the end. */
  readonly recovery: RunRecovery;
  /** What the operator said for the record. */
  readonly facts: RecordedFacts;
  readonly latch: StopLatch;
  /** What the guardian does is dealt with there. */
  readonly duty: GuardianDuty;
  /** Frames of the run that an act of the guardian has fallen into. */
  readonly interrupted: InterruptedFrames;
  readonly log: LogBuffer;
  readonly loggerFor: LoggerFor;
  /** Module of the thread that makes pictures for screens. */
  readonly pictureWorkerPath: string;
  readonly views: readonly ViewDescriptor[];
  readonly version: string;
  /** Whose limits count for names and paths of files. */
  readonly platform: NodeJS.Platform;
}

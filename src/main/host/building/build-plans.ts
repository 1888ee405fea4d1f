import type { RunEngine } from 'redsun/sdk/engine';
import type { Clock } from 'redsun/sdk/util';
import type { Bundle } from '../../plugins/load-bundle.ts';
import { addBundlePlans } from '../bundle-plans.ts';
import type { DeviceRoster } from '../device-roster.ts';
import type { LoggerFor } from '../logging.ts';
import type { Optics } from '../optics.ts';
import { addBlueskyPlans } from '../plans/bluesky-plans.ts';
import { type MdaOptics, mdaPlan } from '../plans/mda-plan.ts';
import { PlanRegistry, type SessionOf } from '../plans/plan-registry.ts';
import { sessionOf } from '../plans/plan-session.ts';
import { type Rehearse, RunEstimator } from '../run-estimator.ts';
import { DeviceTimings } from '../timings/device-timings.ts';
import { TimingRecorder } from '../timings/timing-recorder.ts';
import { readTimings } from '../timings/timings-file.ts';
import type { WorkClock } from '../work-clock.ts';

/** Plans that can be run, and what is known of how long they take. */
export interface PlanParts {
  readonly plans: PlanRegistry;
  readonly timings: DeviceTimings;
  readonly estimator: RunEstimator;
}

export interface PlanOptions {
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly roster: DeviceRoster;
  readonly optics: Optics;
  readonly engine: RunEngine;
  readonly work: WorkClock;
  /** Where durations of earlier runs were kept. */
  readonly timingsFile: string;
  readonly clock: Clock;
  readonly loggerFor: LoggerFor;
}

/** The app's own plans and those of bundles. */
export async function buildPlans(options: PlanOptions): Promise<PlanParts> {
  const { bundles, roster, optics, engine, work, timingsFile, clock, loggerFor } = options;
  const logger = loggerFor('plan');
  const registryOf = (channels: MdaOptics, nowS: () => number) => {
    const session: SessionOf = (devices, item) => sessionOf([...devices.values()], { channels, nowS, item, logger });
    const registry = new PlanRegistry(session, () => roster.absent);
    addBlueskyPlans(registry);
    registry.add(mdaPlan(channels, nowS));
    addBundlePlans(registry, bundles, loggerFor);
    return registry;
  };
  const samples = await readTimings(timingsFile, (reason) =>
    loggerFor('run').warning(`Durations of earlier runs are not used. ${reason}`),
  );
  const timings = new DeviceTimings(samples);
  new TimingRecorder(engine, timings);
  const rehearsed: MdaOptics = {
    channelPlans: () => optics.channelPlans({ rehearsal: true }),
    rememberLightPath: () => optics.rememberLightPath({ rehearsal: true }),
    fieldOfViewUm: (camera) => optics.fieldOfViewUm(camera),
  };
  const rehearse: Rehearse = (item, nowS) => registryOf(rehearsed, nowS).prepare(item, roster.devices);
  return {
    plans: registryOf(optics, work.nowS),
    timings,
    estimator: new RunEstimator(rehearse, timings, clock),
  };
}

import { SangaboardAxis } from '../drivers/serial/sangaboard/sangaboard-axis.ts';
import { SangaboardXYStage } from '../drivers/serial/sangaboard/sangaboard-xy-stage.ts';
import { GuardianClient } from '../guardian/guardian-client.ts';
import { guardianProcess } from '../guardian/start-guardian-process.ts';
import type { HostOptions } from '../host/building/host-options.ts';
import { systemClock } from '../host/system-clock.ts';

/** The app's own device classes, by their plugin ids. */
export const DRIVERS = { 'sangaboard-axis': SangaboardAxis, 'sangaboard-xy': SangaboardXYStage } as const;

/** The app's own drivers, and the guardian process that will own their ports, for one session. */
export function createDrivers(guardianPath: string): Pick<HostOptions, 'drivers' | 'startGuardian'> {
  return {
    drivers: DRIVERS,
    startGuardian: () => new GuardianClient({ start: guardianProcess(guardianPath), clock: systemClock }),
  };
}

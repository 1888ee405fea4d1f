import { sangaboardDrivers } from '../drivers/serial/sangaboard/sangaboard-drivers.ts';
import { GuardianClient } from '../guardian/guardian-client.ts';
import { guardianProcess } from '../guardian/start-guardian-process.ts';
import type { HostOptions } from '../host/start-host.ts';
import { systemClock } from '../host/system-clock.ts';

/** The app's own drivers, and the guardian process that will own their ports, for one session. */
export function createDrivers(guardianPath: string): Pick<HostOptions, 'drivers' | 'startGuardian'> {
  return {
    drivers: { ...sangaboardDrivers() },
    startGuardian: () => new GuardianClient({ start: guardianProcess(guardianPath), clock: systemClock }),
  };
}

import { sangaboardDrivers } from '../drivers/serial/sangaboard/sangaboard-drivers.ts';
import { createSerialLinks } from '../drivers/serial/serial-link.ts';
import type { HostOptions } from '../host/start-host.ts';
import { systemClock } from '../host/system-clock.ts';

/** The app's own drivers and the ports they use, for one session. */
export function createDrivers(): Pick<HostOptions, 'drivers' | 'openLink'> {
  const links = createSerialLinks({ clock: systemClock });
  return { drivers: { ...sangaboardDrivers() }, openLink: links.open };
}

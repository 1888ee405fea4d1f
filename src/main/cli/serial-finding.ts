import type { SerialPorts } from '../drivers/serial/list-serial-ports.ts';
import type { Finding } from './finding.ts';

/** Options of devices, by their names. */
type DeviceOptions = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * That ports cannot be listed is a failure only for who has a device at one: most microscopes of a session are none.
 * @param named - ports that the session names.
 */
export function serialFinding(ports: SerialPorts, named: readonly string[]): Finding {
  if (ports.kind === 'listed') {
    return { check: 'serial', ok: true, detail: ports.paths.join(', ') || 'works, no port is plugged in' };
  }
  const why = 'ports cannot be listed, as the program udevadm is missing';
  return {
    check: 'serial',
    ok: named.length === 0,
    detail: named.length === 0 ? why : `${why}: nobody knows whether ${named.join(' and ')} of the session is there`,
    remedy: 'install the package udev',
  };
}

/** The serial ports that devices are to open: by convention their option `port`. A number is one of the network. */
export function serialPortsOf(devices: DeviceOptions): readonly string[] {
  const ports = [...devices.values()].map(({ port }) => port).filter((port) => typeof port === 'string');
  return [...new Set(ports)];
}

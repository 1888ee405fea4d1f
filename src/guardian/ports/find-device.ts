import type { LinkOptions } from 'redsun/sdk/device';

/** A serial port and what is plugged in there, as far as the computer tells. */
export interface ListedPort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

/** Knows what was unplugged when it is back: another device may get its port meanwhile, and it may get another port. */
export interface FindDevice {
  /** What is at a port, by vendor, product and serial number; null: nothing tells. Never rejects. */
  deviceAt(options: LinkOptions): Promise<string | null>;
  /** How to open what was opened with `options`; null: it is not back. Never rejects. @param device - what was there, if that is known */
  whereIs(device: string | null, options: LinkOptions): Promise<LinkOptions | null>;
}

/** The number of a pseudo-terminal goes to whoever asks for one next: what was there does not come back. */
const PSEUDO_TERMINAL = /^\/dev\/pts\//;

/** @param list - the serial ports of this computer */
export function findDevice(list: () => Promise<readonly ListedPort[]>): FindDevice {
  const listed = () => list().catch((): readonly ListedPort[] => []);
  return {
    async deviceAt(options) {
      if (options.kind !== 'serial' || PSEUDO_TERMINAL.test(options.path)) return null;
      const port = (await listed()).find(({ path }) => path === options.path);
      return port ? nameOf(port) : null;
    },
    async whereIs(device, options) {
      if (options.kind !== 'serial') return options;
      if (device === null) return PSEUDO_TERMINAL.test(options.path) ? null : options;
      const same = (await listed()).filter((port) => nameOf(port) === device);
      // Without a serial number the second of its kind has the same name.
      const [found] = same.some(({ serialNumber }) => serialNumber)
        ? same
        : same.filter((at) => at.path === options.path);
      return found ? { ...options, path: found.path } : null;
    },
  };
}

/** Ports that are part of the computer have nothing that can be unplugged from USB. */
function nameOf({ vendorId, productId, serialNumber }: ListedPort): string | null {
  return vendorId === undefined ? null : [vendorId, productId, serialNumber].join(':');
}

/** Those of this computer. The native module is loaded by the first call. */
export async function listPorts(): Promise<readonly ListedPort[]> {
  const { SerialPort } = await import('serialport');
  return SerialPort.list();
}

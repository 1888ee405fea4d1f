import { realpath } from 'node:fs/promises';
import { type LinkOptions, portOf } from 'redsun/sdk/device';
import { portName } from '../../shared/guardian/port-name.ts';
import type { BytePort, OpenBytePort } from './byte-port.ts';
import { openHidPort } from './hid-port.ts';
import { openMemoryPort } from './memory-port.ts';
import { openSerialPort } from './serial-port.ts';
import { openTcpPort } from './tcp-port.ts';
import { UsbBus } from './usb-bus.ts';
import { openUsbPort } from './usb-port.ts';

/** What opens ports of this machine; rejects with RedsunError `link/open-failed`. */
export function portOpener(): OpenBytePort {
  const usb = new UsbBus();
  return async (options) => openPort(options, usb);
}

async function openPort(options: LinkOptions, usb: UsbBus): Promise<BytePort> {
  switch (options.kind) {
    case 'serial':
      return openSerialPort(options);
    case 'tcp':
      return openTcpPort(options);
    case 'usb':
      return openUsbPort(options, usb);
    case 'hid':
      return openHidPort(options);
    case 'memory':
      return openMemoryPort(options);
  }
}

/** One name for each port: the path behind symbolic links such as `/dev/serial/by-id/...`, `COM7` for `com7`. */
export async function portIdentity(options: LinkOptions): Promise<string> {
  if (options.kind !== 'serial') return portOf(options);
  try {
    return await realpath(options.path);
  } catch {
    return portName(options.path);
  }
}

import { realpath } from 'node:fs/promises';
import { type LinkOptions, portOf } from 'redsun/sdk/device';
import type { OpenBytePort } from './byte-port.ts';
import { openMemoryPort } from './memory-port.ts';
import { openSerialPort } from './serial-port.ts';
import { openTcpPort } from './tcp-port.ts';

/** Opens a port of this machine. @throws RedsunError `link/open-failed` */
export const openPort: OpenBytePort = async (options) => {
  switch (options.kind) {
    case 'serial':
      return openSerialPort(options);
    case 'tcp':
      return openTcpPort(options);
    case 'memory':
      return openMemoryPort(options);
  }
};

/** One name for each port: the path behind symbolic links such as `/dev/serial/by-id/...`. Names like `COM7` stay as they are. */
export async function portIdentity(options: LinkOptions): Promise<string> {
  if (options.kind !== 'serial') return portOf(options);
  try {
    return await realpath(options.path);
  } catch {
    return options.path;
  }
}

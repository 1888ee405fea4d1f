import { hasCode } from 'redsun/sdk/util';

/** What can be said of the serial ports of this machine. */
export type SerialPorts =
  | { readonly kind: 'listed'; readonly paths: readonly string[] }
  /** On Linux they are asked for with `udevadm`, which small systems do without. */
  | { readonly kind: 'no-udevadm' };

/** @throws the error of what lists the ports. */
export async function listSerialPorts(
  list: () => Promise<readonly { readonly path: string }[]> = askForPorts,
): Promise<SerialPorts> {
  try {
    return { kind: 'listed', paths: (await list()).map(({ path }) => path) };
  } catch (error) {
    if (hasCode(error, 'ENOENT') && (error as NodeJS.ErrnoException).path === 'udevadm') return { kind: 'no-udevadm' };
    throw error;
  }
}

async function askForPorts(): Promise<readonly { readonly path: string }[]> {
  const { SerialPort } = await import('serialport');
  return SerialPort.list();
}

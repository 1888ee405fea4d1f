import type { SerialLinkOptions } from 'redsun/sdk/device';
import { asError } from 'redsun/sdk/util';
import { type BytePort, PortListeners } from './byte-port.ts';
import { openFailed } from './open-failed.ts';

/** Opens a serial port of this machine. The native module is loaded by the first call. @throws RedsunError `link/open-failed` */
export async function openSerialPort(options: SerialLinkOptions): Promise<BytePort> {
  const { SerialPort } = await import('serialport');
  const { path, baudRate, dataBits = 8, parity = 'none', stopBits = 1, rtscts = false } = options;
  const port = new SerialPort({ path, baudRate, dataBits, parity, stopBits, rtscts, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (!error) return resolve();
      reject(openFailed(options, error));
    });
  });
  const listeners = new PortListeners();
  port.on('data', (bytes: Buffer) => listeners.data(bytes));
  port.on('close', (reason: unknown) => listeners.closed(reason ? asError(reason) : null));
  port.on('error', (reason: unknown) => listeners.closed(asError(reason)));
  return {
    write: (bytes) => void port.write(Buffer.from(bytes)),
    onData: listeners.onData,
    onClose: listeners.onClose,
    close: () =>
      new Promise((resolve) => {
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  };
}

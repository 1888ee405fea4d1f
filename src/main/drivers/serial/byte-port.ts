import { realpath } from 'node:fs/promises';
import { asError, RedsunError, toDisposable } from 'redsun/sdk/util';

/** An open port: bytes in both directions. */
export interface BytePort {
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Uint8Array) => void): Disposable;
  /** Called once when the port is gone, with the reason when it was not closed on purpose. */
  onClose(listener: (reason: Error | null) => void): Disposable;
  close(): Promise<void>;
}

export type OpenBytePort = (path: string, baudRate: number) => Promise<BytePort>;

/** The path behind symbolic links such as `/dev/serial/by-id/...`, so that one port has one name. Paths like `COM7` stay as they are. */
export async function portIdentity(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

/** Opens a serial port of this machine. The native module is loaded by the first call. @throws RedsunError `link/open-failed` */
export const openSerialPort: OpenBytePort = async (path, baudRate) => {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (!error) return resolve();
      reject(new RedsunError('link/open-failed', `${path}: cannot be opened: ${error.message}`, { cause: error }));
    });
  });
  const closeListeners = new Set<(reason: Error | null) => void>();
  const closed = (reason: Error | null) => {
    const listeners = [...closeListeners];
    closeListeners.clear();
    for (const listener of listeners) listener(reason);
  };
  port.on('close', (reason: unknown) => closed(reason ? asError(reason) : null));
  port.on('error', (reason: unknown) => closed(asError(reason)));
  return {
    write: (bytes) => void port.write(Buffer.from(bytes)),
    onData: (listener) => {
      port.on('data', listener);
      return toDisposable(() => port.off('data', listener));
    },
    onClose: (listener) => {
      closeListeners.add(listener);
      return toDisposable(() => closeListeners.delete(listener));
    },
    close: () =>
      new Promise((resolve) => {
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  };
};

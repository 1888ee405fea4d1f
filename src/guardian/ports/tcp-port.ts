import { connect } from 'node:net';
import type { TcpLinkOptions } from 'redsun/sdk/device';
import { asError, RedsunError } from 'redsun/sdk/util';
import { type BytePort, PortListeners } from './byte-port.ts';

/** A device that does not take the connection in this time is not there, ms. */
const CONNECT_MS = 5_000;

/** Connects to a device on the network. @throws RedsunError `link/open-failed` */
export async function openTcpPort({ host, port }: TcpLinkOptions): Promise<BytePort> {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string, cause: unknown) => {
      socket.destroy();
      reject(new RedsunError('link/open-failed', `${host}:${port}: cannot be opened: ${why}`, { cause }));
    };
    socket.setTimeout(CONNECT_MS, () => fail(`no answer in ${CONNECT_MS} ms`, undefined));
    socket.once('error', (error) => fail(error.message, error));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error');
      resolve();
    });
  });
  const listeners = new PortListeners();
  let reason: Error | null = null;
  let isClosing = false;
  socket.on('data', (bytes) => listeners.data(bytes));
  socket.on('error', (error) => {
    reason = asError(error);
  });
  socket.on('close', () => listeners.closed(isClosing ? null : (reason ?? new Error('the other end closed it'))));
  return {
    write: (bytes) => void socket.write(bytes),
    onData: listeners.onData,
    onClose: listeners.onClose,
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        if (socket.destroyed) return resolve();
        socket.once('close', () => resolve());
        socket.end(() => socket.destroy());
      }),
  };
}

import { connect } from 'node:net';
import type { TcpLinkOptions } from 'redsun/sdk/device';
import { asError } from 'redsun/sdk/util';
import { type BytePort, PortListeners } from './byte-port.ts';
import { openFailed } from './open-failed.ts';

/** A device that does not take the connection in this time is not there, ms. */
const CONNECT_MS = 5_000;

/** Connects to a device on the network. @throws RedsunError `link/open-failed` */
export async function openTcpPort(options: TcpLinkOptions): Promise<BytePort> {
  const { host, port } = options;
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  await new Promise<void>((resolve, reject) => {
    const fail = (why: Error) => {
      socket.destroy();
      reject(openFailed(options, why));
    };
    socket.setTimeout(CONNECT_MS, () => fail(new Error(`no answer in ${CONNECT_MS} ms`)));
    socket.once('error', fail);
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

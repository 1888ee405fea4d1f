import { RedsunError, toDisposable } from 'redsun/sdk/util';
import type { Connect } from '../../shared/ipc/client.ts';
import { decodeMessage, encodeMessage } from '../../shared/ipc/codec.ts';
import type { Transport } from '../../shared/ipc/transport.ts';

declare global {
  interface Window {
    /** Exposed by the preload script; absent in a browser. */
    readonly redsun?: { readonly requestPort: () => void };
  }
}

/** How this page reaches its host: a message port in the window, a WebSocket in a browser. */
export function connectToHost(): Connect {
  return window.redsun ? connectByPort(window.redsun.requestPort) : connectBySocket(window.location);
}

function connectByPort(requestPort: () => void): Connect {
  return () =>
    new Promise((resolve) => {
      const onMessage = (event: MessageEvent<unknown>) => {
        const [port] = event.ports;
        if (event.source !== window || event.data !== 'redsun:port' || !port) return;
        window.removeEventListener('message', onMessage);
        resolve(portTransport(port));
      };
      window.addEventListener('message', onMessage);
      requestPort();
    });
}

function portTransport(port: MessagePort): Transport {
  return {
    backlogBytes: 0,
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      const onMessage = (event: MessageEvent<unknown>) => listener(event.data);
      port.addEventListener('message', onMessage);
      port.start();
      return toDisposable(() => port.removeEventListener('message', onMessage));
    },
    onClose(listener) {
      const onClose = () => listener('the app closed the port');
      port.addEventListener('close', onClose);
      return toDisposable(() => port.removeEventListener('close', onClose));
    },
    close: () => port.close(),
  };
}

/** The server closes with 401 before the handshake; a browser only sees that the first connection never opened. */
function connectBySocket(location: Location): Connect {
  const url = new URL('/bridge', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = new URLSearchParams({ token: new URLSearchParams(location.search).get('token') ?? '' }).toString();
  let everOpened = false;
  return async () => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () =>
        reject(
          everOpened
            ? new RedsunError('channel/lost', 'the host does not answer')
            : new RedsunError('channel/refused', 'the token in the address is wrong, or the host has ended'),
        );
    });
    everOpened = true;
    return socketTransport(socket);
  };
}

function socketTransport(socket: WebSocket): Transport {
  return {
    get backlogBytes() {
      return socket.bufferedAmount;
    },
    post(message) {
      const data = encodeMessage(message);
      if (socket.readyState === WebSocket.OPEN) socket.send(typeof data === 'string' ? data : new Uint8Array(data));
    },
    onMessage(listener) {
      const onMessage = (event: MessageEvent<string | ArrayBuffer>) =>
        listener(decodeMessage(typeof event.data === 'string' ? event.data : new Uint8Array(event.data)));
      socket.addEventListener('message', onMessage);
      return toDisposable(() => socket.removeEventListener('message', onMessage));
    },
    onClose(listener) {
      const onClose = (event: CloseEvent) => listener(event.reason || `closed with code ${event.code}`);
      socket.addEventListener('close', onClose);
      return toDisposable(() => socket.removeEventListener('close', onClose));
    },
    close: () => socket.close(),
  };
}

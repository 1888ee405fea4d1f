import { RedsunError } from 'redsun/sdk/util';
import { WebSocket } from 'ws';
import type { Connect } from '../../shared/ipc/client.ts';
import { version } from '../app/version.ts';
import { webSocketTransport } from '../serve/web-socket-transport.ts';

/** To a host that serves under this address, the one that `redsun serve` prints. @throws RedsunError `cli/usage` */
export function connectTo(address: string): Connect {
  const url = bridgeOf(address);
  let everOpened = false;
  return async () => {
    const socket = new WebSocket(url, { headers: { 'User-Agent': `RedsunTerminal/${version}` } });
    await new Promise<void>((resolve, reject) => {
      // The host's first word comes with the handshake: it waits until somebody listens.
      socket.once('open', () => {
        socket.pause();
        resolve();
      });
      socket.once('error', (cause) => reject(refusal(cause, url, everOpened)));
    });
    everOpened = true;
    const transport = webSocketTransport(socket, () => {});
    return {
      get backlogBytes() {
        return transport.backlogBytes;
      },
      post: transport.post,
      onMessage(listener) {
        const listening = transport.onMessage(listener);
        socket.resume();
        return listening;
      },
      onClose: transport.onClose,
      close: transport.close,
    };
  };
}

function bridgeOf(address: string): URL {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new RedsunError('cli/usage', `--at: expected the address that "redsun serve" prints, got "${address}"`);
  }
  const bridge = new URL('/bridge', url);
  bridge.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  bridge.search = new URLSearchParams({ token: url.searchParams.get('token') ?? '' }).toString();
  return bridge;
}

/** Of no use to try again when it never worked: the address is wrong. */
function refusal(cause: Error, { host }: URL, everOpened: boolean): RedsunError {
  if (everOpened) return new RedsunError('channel/lost', `${host} does not answer`, { cause });
  const why = /\b40[13]\b/.test(cause.message)
    ? `${host} refuses the token in the address`
    : `${host}: ${cause.message}`;
  return new RedsunError('channel/refused', why, { cause });
}

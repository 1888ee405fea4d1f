import { toDisposable } from 'redsun/sdk/util';
import type { WebSocket } from 'ws';

/** A client that does not even answer to pings for so long has gone, ms: its cable is out, or its computer sleeps. */
export const SILENT_CLIENT_MS = 10_000;

/** Pings a client, and ends the connection when nothing comes back: whoever looks after the lights must know that nobody is there. */
export function endWhenSilent(socket: WebSocket, silentMs: number): Disposable {
  let heardMs = performance.now();
  const heard = () => {
    heardMs = performance.now();
  };
  socket.on('pong', heard);
  socket.on('message', heard);
  const timer = setInterval(() => {
    if (performance.now() - heardMs > silentMs) socket.terminate();
    else socket.ping();
  }, silentMs / 4);
  timer.unref();
  const end = toDisposable(() => clearInterval(timer));
  socket.once('close', () => end[Symbol.dispose]());
  return end;
}

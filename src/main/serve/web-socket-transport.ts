import { toDisposable } from 'redsun/sdk/util';
import type { RawData, WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../../shared/ipc/codec.ts';
import type { Transport } from '../../shared/ipc/transport.ts';

/** A browser's connection. */
export function webSocketTransport(socket: WebSocket, onFault: (error: unknown) => void): Transport {
  socket.on('error', onFault);
  return {
    get backlogBytes() {
      return socket.bufferedAmount;
    },
    post(message) {
      if (socket.readyState === socket.OPEN) socket.send(encodeMessage(message));
    },
    onMessage(listener) {
      const onData = (data: RawData, isBinary: boolean) => {
        try {
          listener(decodeMessage(isBinary ? toBytes(data) : String(data)));
        } catch (error) {
          onFault(error);
          socket.close(1003, 'malformed message');
        }
      };
      socket.on('message', onData);
      return toDisposable(() => socket.off('message', onData));
    },
    onClose(listener) {
      const onClose = (code: number) => listener(`closed with code ${code}`);
      socket.on('close', onClose);
      return toDisposable(() => socket.off('close', onClose));
    },
    close: () => socket.close(),
  };
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return new Uint8Array(Buffer.concat(data));
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

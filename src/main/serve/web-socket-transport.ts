import { toDisposable } from 'redsun/sdk/util';
import type { RawData, WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../../shared/ipc/codec.ts';
import type { Transport } from '../../shared/ipc/transport.ts';

const MAX_FAREWELL_BYTES = 1024 * 1024;
const POLICY_VIOLATION = 1008;
/** A WebSocket has room for 123 bytes. */
const MAX_REASON_LETTERS = 100;

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
        // What was sent before it heard that this is the end.
        if (socket.readyState !== socket.OPEN) return;
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
      const onClose = (code: number, reason: Buffer) =>
        listener(reason.length > 0 ? String(reason) : `closed with code ${code}`);
      socket.on('close', onClose);
      return toDisposable(() => socket.off('close', onClose));
    },
    close(reason) {
      // Who has not read what is there will not read a farewell: what waits for it is let go with it.
      if (socket.bufferedAmount > MAX_FAREWELL_BYTES) socket.terminate();
      else if (reason === undefined) socket.close();
      else socket.close(POLICY_VIOLATION, reason.slice(0, MAX_REASON_LETTERS));
    },
  };
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return new Uint8Array(Buffer.concat(data));
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

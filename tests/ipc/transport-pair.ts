import { decodeMessage, encodeMessage } from '../../src/shared/ipc/codec.ts';
import type { Transport } from '../../src/shared/ipc/transport.ts';

/** Two ends of one connection; everything goes through the byte codec as over a socket. */
export function transportPair(): { readonly near: Transport; readonly far: Transport; readonly cut: () => void } {
  const make = () => ({ messages: new Set<(m: unknown) => void>(), closes: new Set<(r: string) => void>() });
  const a = make();
  const b = make();
  const end = (own: typeof a, other: typeof a): Transport => ({
    backlogBytes: 0,
    post: (message) => {
      const data = encodeMessage(message);
      queueMicrotask(() => {
        for (const listener of [...other.messages]) listener(decodeMessage(data));
      });
    },
    onMessage: (listener) => {
      own.messages.add(listener);
      return { [Symbol.dispose]: () => void own.messages.delete(listener) };
    },
    onClose: (listener) => {
      own.closes.add(listener);
      return { [Symbol.dispose]: () => void own.closes.delete(listener) };
    },
    close: () => cut(),
  });
  let open = true;
  const cut = () => {
    if (!open) return;
    open = false;
    for (const listener of [...a.closes, ...b.closes]) listener('cut');
  };
  return { near: end(a, b), far: end(b, a), cut };
}

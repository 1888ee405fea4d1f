import type { MessagePortMain } from 'electron';
import { toDisposable } from 'redsun/sdk/util';
import type { Transport } from '../../shared/ipc/transport.ts';

/** A window's connection: one end of a message channel, in the main process. */
export function messagePortTransport(port: MessagePortMain): Transport {
  const transport: Transport = {
    backlogBytes: 0,
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      const onMessage = (event: { data: unknown }) => listener(event.data);
      port.on('message', onMessage);
      port.start();
      return toDisposable(() => port.off('message', onMessage));
    },
    onClose(listener) {
      const onClose = () => listener('the window closed');
      port.on('close', onClose);
      return toDisposable(() => port.off('close', onClose));
    },
    close: () => port.close(),
  };
  return transport;
}

import type { Clock } from 'redsun/sdk/util';
import { type GuardianToPage, guardianToPageSchema, type PageToGuardian } from '../../shared/guardian/safety-act.ts';

/** Where the guardian listens. */
export interface GuardianAddress {
  readonly port: number;
  readonly token: string;
}

/** The window's own way to the guardian, past the host. */
export interface GuardianSocket extends Disposable {
  /** False: it does not get through. */
  stop(by: string): boolean;
}

/** Another try after the connection was lost, ms. */
const AGAIN_MS = 1_000;

/** Stays connected to the guardian. @param hostname - of this page; in the app's own window the guardian is on this computer. */
export function connectToGuardian(
  { port, token }: GuardianAddress,
  location: Pick<Location, 'protocol' | 'hostname'>,
  clock: Pick<Clock, 'setTimeout'>,
  listeners: { readonly onMessage: (message: GuardianToPage) => void; readonly onOpen: (isOpen: boolean) => void },
): GuardianSocket {
  const host = location.protocol === 'app:' ? '127.0.0.1' : location.hostname;
  const url = `ws://${host}:${port}/?token=${encodeURIComponent(token)}`;
  let socket: WebSocket | null = null;
  let again: Disposable | null = null;
  let isOver = false;
  const connect = (): void => {
    socket = new WebSocket(url);
    socket.onopen = () => listeners.onOpen(true);
    socket.onmessage = ({ data }) => {
      const message = guardianToPageSchema.safeParse(parsed(String(data)));
      if (message.success) listeners.onMessage(message.data);
    };
    socket.onclose = () => {
      listeners.onOpen(false);
      if (!isOver) again = clock.setTimeout(connect, AGAIN_MS);
    };
  };
  connect();
  return {
    stop(by) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify({ kind: 'stop', by } satisfies PageToGuardian));
      return true;
    },
    [Symbol.dispose]() {
      isOver = true;
      again?.[Symbol.dispose]();
      socket?.close();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

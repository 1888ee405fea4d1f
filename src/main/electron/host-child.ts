import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import { RedsunError } from 'redsun/sdk/util';
import type { FromHostProcess, HostCall, ToHostProcess } from './host-messages.ts';

/** Longest wait for the host to close everything, ms. The guardian makes safe what it leaves behind. */
const CLOSE_MS = 20_000;

/** The host, in a process beside Electron's main process. */
export interface HostChild {
  /** Hands a page's end of a channel over. */
  connect(port: MessagePortMain): void;
  pageGone(): void;
  /** Resolves when it has ended. @returns what is not known to be safe, in words, or null. */
  close(): Promise<string | null>;
}

/**
 * Starts the host and waits until its session is open.
 * @param onEnded - called when it ends without having been asked to.
 * @throws RedsunError `host/failed` with what is wrong with the session.
 */
export async function startHostChild(
  path: string,
  call: HostCall,
  onEnded: (code: number) => void,
): Promise<HostChild> {
  const child = utilityProcess.fork(path, [], { serviceName: 'Redsun host', stdio: 'inherit' });
  const tell = (message: ToHostProcess, ports: MessagePortMain[] = []) => child.postMessage(message, ports);
  const exited = new Promise<number>((resolve) => child.once('exit', resolve));
  const heard = listen(child);
  await new Promise<void>((resolve) => child.once('spawn', resolve));
  tell({ kind: 'start', call });
  const first = await Promise.race([heard('ready', 'failed'), exited]);
  if (typeof first === 'number') throw new RedsunError('host/failed', `The host ended at once, with code ${first}`);
  if (first.kind === 'failed') {
    child.kill();
    throw new RedsunError('host/failed', first.message);
  }
  let isClosing = false;
  void exited.then((code) => {
    if (!isClosing) onEnded(code);
  });
  return {
    connect: (port) => tell({ kind: 'connect' }, [port]),
    pageGone: () => tell({ kind: 'page-gone' }),
    async close() {
      isClosing = true;
      tell({ kind: 'close' });
      const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), CLOSE_MS));
      const answer = await Promise.race([heard('closed'), exited, late]);
      child.kill();
      if (answer === 'late') return `The host did not close in ${CLOSE_MS / 1000} s`;
      return typeof answer === 'object' && answer.kind === 'closed' ? answer.warning : null;
    },
  };
}

function listen(child: UtilityProcess): (...kinds: FromHostProcess['kind'][]) => Promise<FromHostProcess> {
  return (...kinds) =>
    new Promise((resolve) => {
      const onMessage = (message: FromHostProcess) => {
        if (!kinds.includes(message.kind)) return;
        child.off('message', onMessage);
        resolve(message);
      };
      child.on('message', onMessage);
    });
}

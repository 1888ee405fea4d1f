// The guardian process: started by a host, which it outlives. It owns the ports and puts the lights out when the host cannot.
import { connect } from 'node:net';
import { uptime } from 'node:os';
import { guardianClock } from './clock.ts';
import { Guardian } from './guardian.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import type { GuardianMessage, HostMessage } from './messages.ts';
import { PageSocket } from './page-socket.ts';
import { findDevice, listPorts } from './ports/find-device.ts';
import { portIdentity, portOpener } from './ports/open-port.ts';
import { recordAct } from './safety-record.ts';

/** Where the host waits, and what proves that this is its guardian. By environment: arguments can be read by everybody. */
export interface GuardianCall {
  readonly port: number;
  readonly token: string;
}

/** Time for what was said last to get out, ms. */
const LAST_WORDS_MS = 500;

function main(): void {
  const call = JSON.parse(process.env.REDSUN_GUARDIAN ?? 'null') as GuardianCall | null;
  if (!call) throw new Error('The guardian is started by Redsun, not by hand');
  delete process.env.REDSUN_GUARDIAN;
  process.title = 'redsun-guardian';
  // The terminal of the host, its Ctrl+C and its end are not the guardian's.
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGPIPE'] as const) ignore(signal);
  const socket = connect({ host: '127.0.0.1', port: call.port, noDelay: true });
  const post = (message: GuardianMessage) => writeJsonLine(socket, message);
  const pages: PageSocket = new PageSocket(() => guardian);
  const guardian: Guardian = new Guardian({
    clock: guardianClock,
    uptimeS: uptime,
    openPort: portOpener(),
    identityOf: portIdentity,
    findDevice: findDevice(listPorts),
    post,
    record: recordAct,
    onActing: (reason, by) => pages.acting(reason, by),
    onActed: (act) => pages.acted(act),
    servePages: (serve) => pages.serve(serve),
    onEnd: () => {
      socket.end(() => process.exit(0));
      setTimeout(() => process.exit(0), LAST_WORDS_MS);
    },
  });
  socket.on('connect', () => {
    socket.write(`${call.token}\n`);
    post({ kind: 'ready', pid: process.pid });
  });
  readJsonLines(socket, (message) => guardian.receive(message as HostMessage));
  socket.on('error', () => {});
  socket.on('close', () => void guardian.hostGone());
  process.on('SIGTERM', () => void guardian.ended());
  // A fault in here must not end it while something shines: it is as if the host had gone.
  process.on('uncaughtException', () => void guardian.ended());
  process.on('unhandledRejection', () => void guardian.ended());
}

function ignore(signal: NodeJS.Signals): void {
  try {
    process.on(signal, () => {});
  } catch {
    // Windows does not know all of them.
  }
}

main();

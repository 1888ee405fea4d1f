// What the way through the guardian process costs an exchange: node bench/links.ts [EXCHANGES] [ROUNDS]
// The device is a TCP server in a process of its own that answers at once. It is asked by turns over a port in this process, with the
// guardian's own code, and over a link whose port the guardian has. The app must be built.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { PortExchanges } from '../src/guardian/port-exchanges.ts';
import { openTcpPort } from '../src/guardian/ports/tcp-port.ts';
import { GuardianClient } from '../src/main/guardian/guardian-client.ts';
import { guardianProcess } from '../src/main/guardian/start-guardian-process.ts';
import { systemClock } from '../src/main/host/system-clock.ts';

const exchanges = Number(process.argv[2] ?? 2000);
const rounds = Number(process.argv[3] ?? 5);
const DEVICE = `
import { createServer } from 'node:net';
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.on('data', (bytes) => socket.write(bytes.toString().replace(/[^\\n]+/g, 'OK')));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

type Ask = () => Promise<unknown>;

const device = spawn(process.execPath, ['--input-type=module', '--eval', DEVICE], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [said] = (await once(device.stdout, 'data')) as [Buffer];
const target = { kind: 'tcp', host: '127.0.0.1', port: Number(said), lineEnd: '\n' } as const;
const port = await openTcpPort(target);
const here = new PortExchanges(port, {
  name: 'device',
  lineEnd: '\n',
  clock: systemClock,
  onUnsolicited: () => {},
  onGone: () => {},
});
const guardian = new GuardianClient({
  start: guardianProcess(join(import.meta.dirname, '..', 'out', 'main', 'guardian.cjs')),
  clock: systemClock,
});
const link = await guardian.openLink(target, 'bench');
const sides: Record<string, Ask> = {
  'port in the host': () =>
    here.exchange({
      bytes: new TextEncoder().encode('P 50\n'),
      reply: { kind: 'line' },
      timeoutMs: 1000,
      by: 'bench',
      rank: 'normal',
    }).reply,
  'through the guardian': () => link.query('P 50', { timeoutMs: 1000 }),
};
const found: Record<string, { p50: number; p99: number }[]> = {};
try {
  for (const ask of Object.values(sides)) await take(ask);
  for (let round = 0; round < rounds; round++) {
    for (const [name, ask] of Object.entries(sides)) {
      const one = await take(ask);
      (found[name] ??= []).push(one);
    }
  }
} finally {
  await guardian.close();
  await here.close();
  device.kill();
}
for (const [name, all] of Object.entries(found)) {
  console.log(`${name}: p50 ${spread(all.map(({ p50 }) => p50))} ms, p99 ${spread(all.map(({ p99 }) => p99))} ms`);
}
const [local = [], guarded = []] = Object.values(found);
const cost = (key: 'p50' | 'p99') =>
  spread(guarded.map((one, round) => one[key] - (local[round]?.[key] ?? Number.NaN)));
console.log(`the way round: p50 ${cost('p50')} ms, p99 ${cost('p99')} ms`);
console.log(
  `${exchanges} exchanges a round, n = ${rounds}, ${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}`,
);

async function take(ask: Ask): Promise<{ p50: number; p99: number }> {
  const ms: number[] = [];
  for (let n = 0; n < exchanges; n++) {
    const beganMs = performance.now();
    await ask();
    ms.push(performance.now() - beganMs);
  }
  ms.sort((a, b) => a - b);
  return { p50: ms[Math.floor(ms.length / 2)] ?? Number.NaN, p99: ms[Math.floor(ms.length * 0.99)] ?? Number.NaN };
}

/** Median and range. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN).toFixed(3);
  return `${at(0.5)} (${at(0)} to ${at(1)})`;
}

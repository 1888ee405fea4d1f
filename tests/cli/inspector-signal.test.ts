import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { root, temporaryFolder } from '../host/test-host.ts';
import { builtCli, nodeBinary } from './built-cli.ts';

/** State of a listening socket in /proc/net/tcp. */
const LISTENS = '0A';

/** Ports that a process listens on, as the kernel has them. */
function portsOf({ pid }: ChildProcess): number[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const lines = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n'));
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    return state === LISTENS && sockets.has(inode) ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : [];
  });
}

async function start(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(nodeBinary, [...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // In good order: the guardian of a program that is killed writes down what it did, in a folder that is being removed.
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    if (child.kill('SIGTERM')) await ended;
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, line, errors: () => errors };
}

test.skipIf(process.platform !== 'linux')(
  'SIGUSR1 opens no inspector in the program, as it does in others',
  async () => {
    const other = await start(['--inspect-port=0', '-e', 'console.log("up"); setInterval(() => {}, 1000)']);
    const session = join(root, 'sessions', 'simulated.yaml');
    const program = await start([await builtCli(), 'serve', session, '--json'], {
      REDSUN_OUT: await temporaryFolder(),
    });
    const { url, port } = JSON.parse(program.line) as { url: string; port: number };
    expect(portsOf(program.child)).toEqual([port]);
    program.child.kill('SIGUSR1');
    other.child.kill('SIGUSR1');
    // The other one, which was asked later, has had the time.
    await expect.poll(() => portsOf(other.child)).toHaveLength(1);
    await expect.poll(() => other.errors()).toContain('Debugger listening');
    expect((await fetch(url)).status).toBe(200);
    expect(portsOf(program.child)).toEqual([port]);
    expect(program.errors()).not.toContain('Debugger');
  },
);

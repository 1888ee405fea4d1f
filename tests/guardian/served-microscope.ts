import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { type AcquisitionState, acquisitionChannel } from '../../src/shared/channels/acquisition.ts';
import { type GuardianState, safetyChannel } from '../../src/shared/channels/safety.ts';
import type { Bridge } from '../../src/shared/ipc/bridge.ts';
import { createBridge } from '../../src/shared/ipc/client.ts';
import { builtCli, nodeBinary, root } from '../cli/built-cli.ts';
import { connectSocket } from '../serve/served-host.ts';
import { descendantOf, guardianOf } from './processes.ts';
import { WITNESS_BUNDLES, type Witness } from './witness.ts';

/** How the program is started: by itself, as npm's scripts do it, or in a terminal of its own. */
export type Launch = 'by-itself' | 'by-a-script' | 'in-a-terminal';

export interface LaunchOptions {
  readonly launch?: Launch;
  /** Of Node. */
  readonly flags?: readonly string[];
}

/** `redsun serve` with a window that looks at it. */
export interface ServedMicroscope {
  readonly bridge: Bridge;
  /** The process that was started here: the host, a script that follows it, or a terminal. */
  readonly outer: ChildProcess;
  readonly hostPid: number;
  /** Of the guardian that is there now. */
  readonly guardianPid: () => number;
  /** What the window was told last; null: nothing yet. */
  readonly acquisition: () => AcquisitionState | null;
  readonly guardian: () => GuardianState | null;
  /** What was said on standard error. */
  readonly complaints: () => string;
  /** The driver that misbehaves hears it. */
  tell(word: string): void;
}

/** Starts the built program on the session of a witness. Killed when the test ends. */
export async function serveMicroscope(
  { terminal }: Witness,
  { launch = 'by-itself', flags = [] }: LaunchOptions = {},
): Promise<ServedMicroscope> {
  const command = [...flags, await builtCli(), 'serve', terminal.session, '--out', terminal.out, '--json'];
  const [program, args] = launched(launch, command);
  const outer = spawn(program, args, {
    cwd: terminal.folder,
    env: { ...process.env, HOME: terminal.folder, REDSUN_PLUGINS: WITNESS_BUNDLES },
    stdio: 'pipe',
  });
  onTestFinished(() => void outer.kill('SIGKILL'));
  let complaints = '';
  outer.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  // A program that has ended does not hear.
  outer.stdin.on('error', () => {});
  const { port, token } = await addressOf(outer, () => complaints);
  const hostPid = launch === 'by-itself' ? Number(outer.pid) : descendantOf(Number(outer.pid), 'cli.cjs');
  onTestFinished(() => kill(hostPid));
  const bridge = createBridge(connectSocket({ port, token }).connect, systemClock);
  onTestFinished(() => bridge[Symbol.dispose]());
  let acquisition: AcquisitionState | null = null;
  let guardian: GuardianState | null = null;
  bridge.channel(acquisitionChannel).on('changed', (state) => {
    acquisition = state;
  });
  bridge.channel(safetyChannel).on('guardian', (state) => {
    guardian = state;
  });
  return {
    bridge,
    outer,
    hostPid,
    guardianPid: () => guardianOf(hostPid),
    acquisition: () => acquisition,
    guardian: () => guardian,
    complaints: () => complaints,
    tell: (word) => void outer.stdin.write(`${word}\n`),
  };
}

function launched(launch: Launch, command: readonly string[]): readonly [string, readonly string[]] {
  switch (launch) {
    case 'by-itself':
      return [nodeBinary, command];
    case 'by-a-script': {
      const follow = JSON.stringify(join(root, 'scripts', 'lib', 'follow.mjs'));
      const script = `import { spawn } from 'node:child_process'; import { follow, withParents } from ${follow};
        follow(spawn(process.execPath, ${JSON.stringify(command)}, { stdio: 'inherit', env: withParents() }));`;
      return [nodeBinary, ['--input-type=module', '-e', script]];
    }
    case 'in-a-terminal':
      return [
        'script',
        ['-qfec', `exec ${[nodeBinary, ...command].map((word) => `'${word}'`).join(' ')}`, '/dev/null'],
      ];
  }
}

/** The first line of standard output. @throws Error with what was said, when the program ends before. */
async function addressOf(outer: ChildProcess, complaints: () => string): Promise<{ port: number; token: string }> {
  let said = '';
  const ended = once(outer, 'exit').then(([code]) => {
    throw new Error(`It ended with ${code} before it served: ${said}${complaints()}`);
  });
  const spoken = new Promise<{ port: number; token: string }>((resolve) => {
    outer.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const line = /^\{.*\}\r?$/m.exec(said)?.[0];
      if (line !== undefined) resolve(JSON.parse(line) as { port: number; token: string });
    });
  });
  ended.catch(() => {});
  return Promise.race([spoken, ended]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startHost } from '../../src/main/host/start-host.ts';
import type { MdaSequence } from '../../src/sdk/plans/index.ts';
import { nodeBinary } from '../cli/built-cli.ts';
import { QUICK_SESSION } from '../host/test-host.ts';
import { hostOptionsFor } from './host-options.ts';

const PROGRAM = fileURLToPath(new URL('run-mda.ts', import.meta.url));

/** What the interrupted program was told to do, and what it had said by the time it was killed. */
export interface Killed {
  readonly runFolder: string;
  /** Frames that the host acknowledged through the pipe. */
  readonly acknowledged: number;
}

/** A host in a process of its own that acquires a sequence below `base`, with a pipe for its acknowledgements. */
export async function startHostProcess(
  base: string,
  sequence: MdaSequence,
  options: { readonly session?: string } = {},
): Promise<{ readonly child: ChildProcess; readonly acknowledgements: AsyncIterable<string> }> {
  await mkdir(base, { recursive: true });
  const sessionPath = join(base, 'session.yaml');
  await writeFile(sessionPath, options.session ?? QUICK_SESSION);
  const args = [PROGRAM, sessionPath, base, JSON.stringify(sequence)];
  const child = spawn(nodeBinary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('no pipe to the host');
  return { child, acknowledgements: createInterface({ input: child.stdout }) };
}

/** Kills the host with SIGKILL when it has acknowledged `frames` frames, and `delayMs` more have passed. */
export async function killAfter(
  base: string,
  sequence: MdaSequence,
  kill: { readonly frames: number; readonly delayMs: number },
  options: { readonly session?: string } = {},
): Promise<Killed> {
  const { child, acknowledgements } = await startHostProcess(base, sequence, options);
  const exited = once(child, 'exit');
  let acknowledged = 0;
  let armed = false;
  // Lines that were in the pipe when it died are read as well: the host had said them.
  for await (const line of acknowledgements) {
    const [word, count] = line.split(' ');
    if (word !== 'acknowledged') continue;
    acknowledged = Number(count);
    if (armed || acknowledged < kill.frames) continue;
    armed = true;
    setTimeout(() => child.kill('SIGKILL'), kill.delayMs);
  }
  await exited;
  if (child.signalCode !== 'SIGKILL') throw new Error(`the host ended by itself after ${acknowledged} frames`);
  return { runFolder: await onlyRunBelow(base), acknowledged };
}

/** The run folder of a sequence that nobody interrupted. */
export async function uninterrupted(base: string, sequence: MdaSequence, session = QUICK_SESSION): Promise<string> {
  await mkdir(base, { recursive: true });
  const sessionPath = join(base, 'session.yaml');
  await writeFile(sessionPath, session);
  const host = await startHost(hostOptionsFor(sessionPath, base));
  try {
    const kwargs = { sequence };
    await host.runs.runToEnd({ item_type: 'plan', name: 'mda', args: [], kwargs, meta: {} });
  } finally {
    await host.close();
  }
  return onlyRunBelow(base);
}

export async function onlyRunBelow(base: string): Promise<string> {
  const names = await readdir(base, { recursive: true });
  const [run, ...others] = names.filter((name) => /^test\/\d{4}-\d\d-\d\d\/[^/]+$/.test(name));
  if (run === undefined || others.length > 0) throw new Error(`not one run in ${base}: ${names.join(', ')}`);
  return join(base, run);
}

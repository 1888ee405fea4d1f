import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtCli, nodeBinary } from './built-cli.ts';
import type { Finished } from './run-cli.ts';

export interface Measured extends Finished {
  readonly elapsedMs: number;
  /** The most memory it ever had. */
  readonly residentBytes: number;
}

/** Runs in the terminal as it ends. Linux counts the parent into maxRSS of a new process, but not into VmHWM. */
const MEASURE = `data:text/javascript,${encodeURIComponent(`
import { readFileSync, writeFileSync } from 'node:fs';
process.on('exit', () => {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const kB = /VmHWM:\\s+(\\d+) kB/.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  writeFileSync(process.env.REDSUN_TEST_RESIDENT, String(Number(kB) * 1024));
});
`)}`;

/** What the terminal says, how long it takes and how much memory. */
export async function runMeasured(...args: readonly string[]): Promise<Measured> {
  const cli = await builtCli();
  const folder = await mkdtemp(join(tmpdir(), 'redsun-measured-'));
  const path = join(folder, 'resident');
  try {
    const startedMs = performance.now();
    const child = spawn(nodeBinary, ['--import', MEASURE, cli, ...args], {
      env: { ...process.env, REDSUN_TEST_RESIDENT: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      stdout += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr += part;
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const elapsedMs = performance.now() - startedMs;
    return { code, stdout, stderr, elapsedMs, residentBytes: Number(await readFile(path, 'utf8')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

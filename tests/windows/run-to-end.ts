import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MAKE_TIMEOUT_MS } from '../python/cached-folder.ts';

/** Runs a program of Linux. @returns what it printed; a failure rejects with what it said. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const env = { ...process.env, ...environment };
  const { stdout } = await promisify(execFile)(command, [...args], { env, timeout: MAKE_TIMEOUT_MS });
  return stdout;
}

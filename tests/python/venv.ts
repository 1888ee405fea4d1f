import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder, MAKE_TIMEOUT_MS, REPOSITORY } from './cached-folder.ts';

/** What an environment is made of: a file of this folder. */
export type Requirements = 'requirements.txt' | 'requirements-bluesky.txt';

/**
 * The Python that has what the requirements ask for. It is made once per machine and shared by tests that run at the same time;
 * a change of the requirements makes a new one.
 */
export async function ensurePythonVenv(requirements: Requirements = 'requirements.txt'): Promise<string> {
  const path = join(REPOSITORY, 'tests/python', requirements);
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 12);
  const pythonIn = (folder: string) =>
    process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const folder = await cachedFolder(`python-${hash}`, async (made) => {
    await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', made]);
    await run(pythonIn(made), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', path]);
  });
  return pythonIn(folder);
}

/** Runs a script of this folder. @returns what it printed; a failure rejects with what it said. */
export async function runPython(
  script: string,
  args: readonly string[],
  stdin = '',
  requirements: Requirements = 'requirements.txt',
): Promise<string> {
  const python = await ensurePythonVenv(requirements);
  return run(python, [join(REPOSITORY, 'tests/python', script), ...args], stdin);
}

function run(command: string, args: readonly string[], stdin = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024, timeout: MAKE_TIMEOUT_MS };
    const child = execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error }));
      else resolve(stdout);
    });
    child.stdin?.end(stdin);
  });
}

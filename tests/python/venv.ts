import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const POLL_MS = 250;

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
  const folder = join(REPOSITORY, '.cache', `python-${hash}`);
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  // Written last: without it the folder is a half-made one.
  const ready = join(folder, '.ready');
  const lock = `${folder}.lock`;
  await mkdir(join(REPOSITORY, '.cache'), { recursive: true });
  const deadline = Date.now() + INSTALL_TIMEOUT_MS;
  while (!(await exists(ready))) {
    if (Date.now() > deadline) throw new Error(`${folder} was not ready after ${INSTALL_TIMEOUT_MS} ms`);
    if (!(await takeLock(lock))) {
      await sleep(POLL_MS);
      continue;
    }
    try {
      if (await exists(ready)) break;
      await rm(folder, { recursive: true, force: true });
      await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder]);
      await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', path]);
      await writeFile(ready, '');
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
  return python;
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
    const options = { maxBuffer: 64 * 1024 * 1024, timeout: INSTALL_TIMEOUT_MS };
    const child = execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error }));
      else resolve(stdout);
    });
    child.stdin?.end(stdin);
  });
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const made = await stat(lock).catch(() => null);
    // Left over by a test run that was killed.
    if (made && Date.now() - made.mtimeMs > INSTALL_TIMEOUT_MS) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

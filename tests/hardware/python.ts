import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache', import.meta.url));

/** Python with the packages of requirements.txt, made on first use. @returns its path. */
export async function ensureHardwarePython(): Promise<string> {
  const requirements = await readFile(join(here, 'requirements.txt'));
  const digest = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
  const folder = join(cache, `python-hardware-${digest}`);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (await exists(complete)) return python;
  await mkdir(cache, { recursive: true });
  const building = `${folder}.${process.pid}`;
  await run('python3', ['-m', 'venv', '--copies', building]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(here, 'requirements.txt')];
  await run(join(building, 'bin', 'python'), pip);
  await mkdir(join(building, 'complete'));
  // Whoever is first wins; the interpreter itself may be moved, as nothing calls pip's scripts.
  await rename(building, folder).catch(() => rm(building, { recursive: true, force: true }));
  return python;
}

/** Runs a script beside this file to its end. @returns the JSON that it prints. */
export async function runScript(script: string, args: readonly string[]): Promise<unknown> {
  const python = await ensureHardwarePython();
  const { stdout } = await run(python, [join(here, script), ...args], { timeout: 20_000 });
  return JSON.parse(stdout);
}

/** Starts a script that serves until it is disposed; resolves when it has printed `ready`. */
export async function serveScript(script: string, args: readonly string[]): Promise<AsyncDisposable> {
  const python = await ensureHardwarePython();
  const child = spawn(python, [join(here, script), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}: ${said}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('ready')) resolve();
    });
  });
  return {
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = join(import.meta.dirname, '..', '..');
export const nodeBinary = join(root, 'node_modules', 'node', 'bin', 'node');
const cli = join(root, 'out', 'main', 'cli.cjs');
const lock = join(root, '.cache', 'main-build.lock');
/** A build takes some seconds; a lock older than this was left over. */
const STALE_LOCK_MS = 60_000;
const MAIN_ONLY = `import config from './electron.vite.config.ts';
export default { main: config.main, preload: config.preload };
`;

/** Path of the built terminal. Built first when a source is newer; the page is not needed and not built. */
export async function builtCli(): Promise<string> {
  if (process.env.REDSUN_TEST_CLI) return process.env.REDSUN_TEST_CLI;
  mkdirSync(join(root, '.cache'), { recursive: true });
  while (!isFresh()) {
    if (tryLock()) {
      try {
        if (!isFresh()) build();
      } finally {
        rmSync(lock, { recursive: true });
      }
    } else await sleep(100);
  }
  return cli;
}

function tryLock(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const age = Date.now() - changedMs(lock);
    if (age > STALE_LOCK_MS && age < Number.POSITIVE_INFINITY) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function build(): void {
  const config = join(root, `main-only.${process.pid}.config.ts`);
  writeFileSync(config, MAIN_ONLY);
  try {
    const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const { status, stderr } = spawnSync(nodeBinary, [tool, 'build', '-c', config, '--logLevel', 'warn'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', ELECTRON_MAJOR_VER: '22' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`Building main failed: ${stderr}`);
  } finally {
    rmSync(config, { force: true });
  }
}

function isFresh(): boolean {
  const builtMs = changedMs(cli);
  return builtMs !== Number.NEGATIVE_INFINITY && newest(join(root, 'src')) <= builtMs;
}

/** The page is no part of main, and tests are no part of anything built. */
function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return ['renderer', 'ui'].includes(entry.name) ? 0 : newest(path);
      return /\.test\.tsx?$/.test(entry.name) ? 0 : changedMs(path);
    }),
    0,
  );
}

/** Minus infinity for what is not there. */
function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

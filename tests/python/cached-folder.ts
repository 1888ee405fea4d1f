import { access, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** For what takes longest: a Python environment on a slow line. */
export const MAKE_TIMEOUT_MS = 10 * 60_000;
const POLL_MS = 250;

/**
 * A folder of `.cache` that is made once per machine and shared by tests that run at the same time.
 * @param name - says what is in it, with a hash of all that it is made from.
 */
export async function cachedFolder(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(REPOSITORY, '.cache', name);
  // Written last: without it the folder is a half-made one.
  const ready = join(folder, '.ready');
  const lock = `${folder}.lock`;
  await mkdir(join(REPOSITORY, '.cache'), { recursive: true });
  const deadline = Date.now() + MAKE_TIMEOUT_MS;
  while (!(await exists(ready))) {
    if (Date.now() > deadline) throw new Error(`${folder} was not ready after ${MAKE_TIMEOUT_MS} ms`);
    if (!(await takeLock(lock))) {
      await sleep(POLL_MS);
      continue;
    }
    try {
      if (await exists(ready)) break;
      await rm(folder, { recursive: true, force: true });
      await make(folder);
      await writeFile(ready, '');
    } finally {
      await rm(lock, { recursive: true, force: true });
    }
  }
  return folder;
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const made = await stat(lock).catch(() => null);
    // Left over by a test run that was killed.
    if (made && Date.now() - made.mtimeMs > MAKE_TIMEOUT_MS) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

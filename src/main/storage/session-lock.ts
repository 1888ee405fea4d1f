import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { type Clock, hasCode, type NewUid, RedsunError, randomUid } from '../../sdk/util/index.ts';
import { sessionDir } from './run-folder.ts';
import { syncFile } from './sync-file.ts';

/** Held while a session is open: no other program may use the same session and base folder. */
export interface SessionLock {
  readonly path: string;
  /** Twice is fine. */
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly boot_id: string;
  /** Tells this lock from any other. */
  readonly uid: string;
}

export interface SessionLockOptions {
  readonly baseDir: string;
  readonly session: string;
  readonly clock: Clock;
  readonly newUid?: NewUid;
  /** Whether a process of this machine lives; for tests. */
  readonly isAlive?: (pid: number) => boolean;
}

/** Clocks drift and steps of NTP move the computed boot time by some seconds. */
const BOOT_TIME_TOLERANCE_S = 120;
const FORGOTTEN_TAKE_OVER_S = 10;
/** So often a lock without text is taken for one that is just being written. */
const UNWRITTEN_ATTEMPTS = 10;
const MAX_ATTEMPTS = 100;

/** @throws RedsunError `session/locked`, naming the process that holds the lock. */
export async function lockSession(options: SessionLockOptions): Promise<SessionLock> {
  const { baseDir, session, clock, newUid = randomUid, isAlive = processLives } = options;
  const path = lockPath(baseDir, session);
  await mkdir(dirname(path), { recursive: true });
  const own: Holder = { pid: process.pid, host: hostname(), boot_id: await bootId(clock), uid: newUid() };
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (await tryCreate(path, own)) return { path, release: () => release(path, own) };
    const found = await readFile(path, 'utf8').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });
    if (found === null) continue;
    const holder = parseHolder(found);
    if (holder && !isStale(holder, own, isAlive)) throw locked(session, baseDir, path, holder);
    // An empty file may be a lock that is just being written: look again before it counts as a left-over.
    if (!holder && attempt <= UNWRITTEN_ATTEMPTS) await clock.sleep(10);
    else await removeStale(path, found, own, clock);
  }
  throw new RedsunError(
    'session/locked',
    `session "${session}" in ${baseDir}: the lock ${path} changes hands too often`,
  );
}

/** Who holds a session; null: nobody who lives. Nothing is written. */
export async function sessionHolder(options: SessionLockOptions): Promise<{ readonly pid: number } | null> {
  const { baseDir, session, clock, newUid = randomUid, isAlive = processLives } = options;
  const found = await readFile(lockPath(baseDir, session), 'utf8').catch(() => null);
  const holder = found === null ? null : parseHolder(found);
  const own = { pid: process.pid, host: hostname(), boot_id: await bootId(clock), uid: newUid() };
  return holder && !isStale(holder, own, isAlive) ? { pid: holder.pid } : null;
}

function lockPath(baseDir: string, session: string): string {
  return join(sessionDir(baseDir, session), '.redsun', 'session.lock');
}

function isStale(holder: Holder, own: Holder, isAlive: (pid: number) => boolean): boolean {
  // Nobody can see the processes of another machine.
  if (holder.host !== own.host) return false;
  return !sameBoot(holder.boot_id, own.boot_id) || !isAlive(holder.pid);
}

async function tryCreate(path: string, own: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(`${JSON.stringify(own)}\n`);
      await syncFile(file);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Deletes a left-over lock. Only whoever holds the take-over file may, so that nobody deletes a lock which another one
 * of those who found the left-over has just renewed.
 */
async function removeStale(path: string, stale: string, own: Holder, clock: Clock): Promise<void> {
  const takeOver = `${path}.takeover`;
  if (!(await tryCreate(takeOver, own))) {
    await removeForgotten(takeOver, clock);
    return clock.sleep(10);
  }
  try {
    const found = await readFile(path, 'utf8').catch(() => null);
    if (found === stale) await rm(path, { force: true });
  } finally {
    await rm(takeOver, { force: true });
  }
}

/** A take-over lasts some milliseconds; one that is much older was left by a crash in the middle of it. */
async function removeForgotten(takeOver: string, clock: Clock): Promise<void> {
  const info = await stat(takeOver).catch(() => null);
  if (info && clock.now() - info.mtimeMs / 1000 > FORGOTTEN_TAKE_OVER_S) await rm(takeOver, { force: true });
}

async function release(path: string, own: Holder): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found !== null && parseHolder(found)?.uid === own.uid) await rm(path, { force: true });
}

function parseHolder(found: string): Holder | null {
  try {
    const { pid, host, boot_id, uid } = JSON.parse(found) as Partial<Holder>;
    const valid = Number.isInteger(pid) && [host, boot_id, uid].every((value) => typeof value === 'string');
    return valid ? ({ pid, host, boot_id, uid } as Holder) : null;
  } catch {
    return null;
  }
}

function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and belongs to somebody else.
    return hasCode(error, 'EPERM');
  }
}

/** Changes with each start of the machine: process numbers begin anew then. */
async function bootId(clock: Clock): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  return id?.trim() ?? `time:${Math.round(clock.now() - uptime())}`;
}

function sameBoot(one: string, other: string): boolean {
  if (!one.startsWith('time:') || !other.startsWith('time:')) return one === other;
  return Math.abs(Number(one.slice(5)) - Number(other.slice(5))) <= BOOT_TIME_TOLERANCE_S;
}

function locked(session: string, baseDir: string, path: string, { pid, host }: Holder): RedsunError {
  const where = host === hostname() ? '' : ` on ${host}; if it is gone, delete ${path}`;
  return new RedsunError('session/locked', `session "${session}" in ${baseDir} is in use by process ${pid}${where}`);
}

import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readFile, realpath, rm, stat, utimes } from 'node:fs/promises';
import { hostname, tmpdir, uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { type Clock, hasCode, type NewUid, RedsunError, randomUid, toDisposable } from '../../../sdk/util/index.ts';
import { portName } from '../../../shared/guardian/port-name.ts';
import { onceFree } from '../files/once-free.ts';
import { syncFile } from '../files/sync-file.ts';
import { processStart } from './process-start.ts';
import { sessionDir } from './run-folder.ts';

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
  /** When the process was started; null: its system does not say. Absent in locks of earlier versions. */
  readonly started?: string | null;
  /** Tells this lock from any other. */
  readonly uid: string;
}

interface LockTools {
  readonly clock: Clock;
  readonly newUid?: NewUid;
  /** Whether a process of this machine lives; for tests. */
  readonly isAlive?: (pid: number) => boolean;
  /** When a process of this machine was started; for tests. */
  readonly startOf?: (pid: number) => Promise<string | null>;
  /** A holder that is just ending, as after a crash, is waited for, ms. Default: not at all. */
  readonly patienceMs?: number;
}

export interface SessionLockOptions extends LockTools {
  readonly baseDir: string;
  readonly session: string;
}

/** Clocks drift and steps of NTP move the computed boot time by some seconds. */
const BOOT_TIME_TOLERANCE_S = 120;
const FORGOTTEN_TAKE_OVER_S = 10;
/** So often a lock without text is taken for one that is just being written. */
const UNWRITTEN_ATTEMPTS = 10;
const MAX_ATTEMPTS = 100;
const PATIENCE_STEP_MS = 50;
/** A holder renews its lock this often, ms. */
const RENEW_MS = 5_000;
/** Where nobody can say when a process was started, one that has not renewed its lock for so long is another with the same number, s. */
const NOT_RENEWED_S = 60;

/** @throws RedsunError `session/locked`, naming the process that holds the lock, the file, and what to do. */
export function lockSession(options: SessionLockOptions): Promise<SessionLock> {
  const { baseDir, session } = options;
  return lock(lockPath(baseDir, session), `session "${session}" in ${baseDir}`, options);
}

/**
 * One microscope, one program: also where two sessions differ in name and folder. @param identities - of the hardware: its ports, or the
 * session file where it names none. @throws RedsunError `session/locked`
 */
export async function lockHardware(
  session: string,
  identities: readonly string[],
  tools: LockTools & { readonly folder?: string },
): Promise<SessionLock[]> {
  const { folder = join(tmpdir(), 'redsun-locks') } = tools;
  const held: SessionLock[] = [];
  await mkdir(folder, { recursive: true });
  // Another user of this computer must find it taken, too.
  await chmod(folder, 0o777).catch(() => {});
  try {
    for (const identity of [...identities].sort()) {
      const name = createHash('sha256').update(identity).digest('hex').slice(0, 16);
      held.push(await lock(join(folder, `${name}.lock`), `${identity} of session "${session}"`, tools));
    }
    return held;
  } catch (error) {
    for (const one of held) await one.release();
    throw error;
  }
}

/** What a session drives: the ports of its devices, or else the session file itself. */
export async function hardwareOf(sessionPath: string, ports: readonly string[]): Promise<string[]> {
  const real = (path: string) => realpath(path).catch(() => portName(path));
  const found = ports.length > 0 ? ports : [sessionPath];
  return [...new Set(await Promise.all(found.map(real)))];
}

async function lock(path: string, what: string, tools: LockTools): Promise<SessionLock> {
  const { clock, newUid = randomUid, patienceMs = 0 } = tools;
  const untilMs = clock.monotonicMs() + patienceMs;
  await mkdir(dirname(path), { recursive: true });
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    boot_id: await bootId(clock),
    started: await processStart(process.pid),
    uid: newUid(),
  };
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (await tryCreate(path, own)) {
      const renewing = renew(path, clock);
      return {
        path,
        async release() {
          renewing[Symbol.dispose]();
          await release(path, own, clock);
        },
      };
    }
    const found = await readFile(path, 'utf8').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    });
    if (found === null) continue;
    const holder = parseHolder(found);
    if (holder && !(await isStale(path, holder, own, tools))) {
      if (clock.monotonicMs() >= untilMs) throw locked(what, path, holder);
      await clock.sleep(PATIENCE_STEP_MS);
      attempt--;
      continue;
    }
    // An empty file may be a lock that is just being written: look again before it counts as a left-over.
    if (!holder && attempt <= UNWRITTEN_ATTEMPTS) await clock.sleep(10);
    else await removeStale(path, found, own, clock);
  }
  throw new RedsunError('session/locked', `${what}: the lock ${path} changes hands too often`);
}

/** Who holds a session; null: nobody who lives. Nothing is written. */
export async function sessionHolder(options: SessionLockOptions): Promise<{ readonly pid: number } | null> {
  const { baseDir, session, clock, newUid = randomUid } = options;
  const path = lockPath(baseDir, session);
  const found = await readFile(path, 'utf8').catch(() => null);
  const holder = found === null ? null : parseHolder(found);
  const own = { pid: process.pid, host: hostname(), boot_id: await bootId(clock), uid: newUid() };
  return holder && !(await isStale(path, holder, own, options)) ? { pid: holder.pid } : null;
}

function lockPath(baseDir: string, session: string): string {
  return join(sessionDir(baseDir, session), '.redsun', 'session.lock');
}

async function isStale(path: string, holder: Holder, own: Holder, tools: LockTools): Promise<boolean> {
  const { clock, isAlive = processLives, startOf = processStart } = tools;
  // Nobody can see the processes of another machine.
  if (holder.host !== own.host) return false;
  if (!sameBoot(holder.boot_id, own.boot_id) || !isAlive(holder.pid)) return true;
  const started = await startOf(holder.pid);
  if (started !== null && typeof holder.started === 'string') return started !== holder.started;
  if (holder.started !== null) return false;
  const renewed = await stat(path).catch(() => null);
  return renewed !== null && clock.now() - renewed.mtimeMs / 1000 > NOT_RENEWED_S;
}

/** Tells others that the holder lives, where nothing else can. */
function renew(path: string, clock: Clock): Disposable {
  let timer = clock.setTimeout(again, RENEW_MS);
  function again(): void {
    timer = clock.setTimeout(again, RENEW_MS);
    const now = new Date();
    // Whoever deleted it has said that the holder is gone.
    utimes(path, now, now).catch(() => {});
  }
  return toDisposable(() => timer[Symbol.dispose]());
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
    if (found === stale) await onceFree(() => rm(path, { force: true }), clock);
  } finally {
    await onceFree(() => rm(takeOver, { force: true }), clock);
  }
}

/** A take-over lasts some milliseconds; one that is much older was left by a crash in the middle of it. */
async function removeForgotten(takeOver: string, clock: Clock): Promise<void> {
  const info = await stat(takeOver).catch(() => null);
  if (info && clock.now() - info.mtimeMs / 1000 > FORGOTTEN_TAKE_OVER_S) await rm(takeOver, { force: true });
}

async function release(path: string, own: Holder, clock: Clock): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found !== null && parseHolder(found)?.uid === own.uid) {
    // Who finds it later finds that its holder has gone.
    await onceFree(() => rm(path, { force: true }), clock).catch(() => {});
  }
}

function parseHolder(found: string): Holder | null {
  try {
    const { pid, host, boot_id, started, uid } = JSON.parse(found) as Partial<Holder>;
    const valid = Number.isInteger(pid) && [host, boot_id, uid].every((value) => typeof value === 'string');
    return valid ? ({ pid, host, boot_id, started, uid } as Holder) : null;
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

function locked(what: string, path: string, { pid, host }: Holder): RedsunError {
  const isHere = host === hostname();
  const where = isHere ? `process ${pid}` : `process ${pid} on ${host}`;
  const todo = isHere
    ? 'End that program first'
    : `End that program first; if that computer is gone, delete the lock file`;
  return new RedsunError('session/locked', `${what} is in use by ${where}. ${todo} (lock file: ${path})`);
}

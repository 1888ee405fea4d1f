import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { asError, codeOf, hasCode, RedsunError } from '../../../sdk/util/index.ts';
import { syncFile } from '../files/sync-file.ts';
import { missingDisk } from './missing-disk.ts';
import { unfitName } from './unfit-name.ts';

export const TARGET_PROBLEMS = [
  'target/no-permission',
  'target/no-space',
  'target/not-a-folder',
  'target/no-rename',
  'target/path-too-long',
  'target/no-disk',
  'target/bad-name',
  'target/unusable',
] as const;

/** Why a run must not start with this target. */
export interface TargetProblem {
  readonly code: (typeof TARGET_PROBLEMS)[number];
  /** Names the folder and the numbers. */
  readonly message: string;
}

let probes = 0;

/** Tries whether a run of `neededBytes` can be written below `dir`, which need not exist yet. Leaves nothing behind. */
export async function checkTarget(dir: string, neededBytes: number): Promise<TargetProblem[]> {
  const unfit = unfitName(resolve(dir));
  if (unfit !== null) return [{ code: 'target/bad-name', message: `${dir} cannot be made: ${unfit}` }];
  const unmounted = await missingDisk(dir);
  if (unmounted !== null) return [noDisk(dir, unmounted)];
  const folder = await nearestFolder(resolve(dir));
  if (typeof folder !== 'string') return [folder];
  const problem = await probe(folder);
  if (problem) return [problem];
  let free: number | null;
  try {
    free = await freeBytes(folder);
  } catch (error) {
    // It has gone meanwhile: its disk was unplugged.
    return [problemOf(folder, error)];
  }
  if (free === null || free >= neededBytes) return [];
  const message = `${dir}: the run needs ${readableBytes(neededBytes)}, only ${readableBytes(free)} are free`;
  return [{ code: 'target/no-space', message }];
}

function noDisk(dir: string, unmounted: string): TargetProblem {
  const way = `Mount it. If a folder on this computer's own disk is meant, make ${resolve(dir)} there by hand, and a file in it`;
  return { code: 'target/no-disk', message: `${dir}: no disk is mounted at ${unmounted}. ${way}` };
}

/** @throws RedsunError with the code of the first of the problems, and the words of all. */
export function refuse(problems: readonly TargetProblem[]): void {
  if (problems[0]) throw new RedsunError(problems[0].code, problems.map(({ message }) => message).join(' '));
}

/** @throws RedsunError with the code of what is wrong with the target. */
export async function requireTarget(dir: string, neededBytes: number): Promise<void> {
  refuse(await checkTarget(dir, neededBytes));
}

/** For a folder that was there before. @throws RedsunError `target/gone` when it is not: its disk was unplugged, or it was moved. */
export async function requireFolder(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (cause) {
    throw new RedsunError('target/gone', `${path} is not there: ${asError(cause).message}. Bring its disk back`, {
      cause,
    });
  }
  throw new RedsunError('target/gone', `${path} is a file now. Bring the folder back`);
}

/** Bytes that may still be written to the folder `dir`; null when nobody can tell. */
export async function freeBytes(dir: string): Promise<number | null> {
  // Node before 18.15 has no statfs.
  const statfs: typeof fs.promises.statfs | undefined = fs.promises.statfs;
  if (statfs) {
    const { bavail, bsize } = await statfs(dir);
    return Number(bavail) * Number(bsize);
  }
  return freeBytesByDf(dir);
}

/** The same for a folder that need not exist yet. */
export async function freeBytesBelow(dir: string): Promise<number | null> {
  const folder = await nearestFolder(resolve(dir));
  return typeof folder === 'string' ? freeBytes(folder) : null;
}

/** What POSIX `df -k -P` says: the fourth column of the second line, in kibibytes. */
export function freeBytesByDf(dir: string): Promise<number | null> {
  return new Promise((settle) => {
    execFile('df', ['-k', '-P', dir], (error, stdout) => {
      const columns = /(\d+)\s+(\d+)\s+(-?\d+)\s+\d+%/.exec(stdout.split('\n')[1] ?? '');
      settle(error || !columns ? null : Math.max(0, Number(columns[3])) * 1024);
    });
  });
}

export function readableBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${power === 0 ? Math.round(bytes) : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** `dir`, or the nearest folder above it that exists: what is missing would be made in it. */
export async function nearestFolder(dir: string): Promise<string | TargetProblem> {
  for (let path = dir; ; path = dirname(path)) {
    try {
      if ((await stat(path)).isDirectory()) return path;
      return { code: 'target/not-a-folder', message: `${path} is a file, not a folder` };
    } catch (error) {
      const missing = hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
      if (!missing || path === dirname(path)) return problemOf(path, error);
    }
  }
}

/** Writes a file, renames it and deletes it: permission bits alone do not tell (root, read-only mounts, network folders). */
async function probe(folder: string): Promise<TargetProblem | null> {
  const path = join(folder, `.redsun-probe-${process.pid}-${probes++}`);
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(new Uint8Array(4096));
      await syncFile(file);
    } finally {
      await file.close();
    }
    try {
      await rename(path, `${path}.renamed`);
    } catch (error) {
      return {
        code: 'target/no-rename',
        message: `${folder}: files cannot be renamed there: ${asError(error).message}`,
      };
    }
    return null;
  } catch (error) {
    return problemOf(folder, error);
  } finally {
    await rm(path, { force: true }).catch(() => {});
    await rm(`${path}.renamed`, { force: true }).catch(() => {});
  }
}

function problemOf(path: string, error: unknown): TargetProblem {
  const { message } = asError(error);
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { code: 'target/no-permission', message: `${path} cannot be written to: ${message}` };
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'target/no-space', message: `${path}: not even 4096 bytes can be written: ${message}` };
    case 'ENOTDIR':
      return { code: 'target/not-a-folder', message: `${path} is not a folder: ${message}` };
    default:
      return { code: 'target/unusable', message: `${path} cannot be used: ${message}` };
  }
}

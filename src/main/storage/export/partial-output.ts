import { lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, hasCode, RedsunError } from '../../../sdk/util/index.ts';
import { onceFree } from '../files/once-free.ts';
import { freeBytesBelow, readableBytes } from '../target/preflight.ts';

/** @throws RedsunError `export/exists` when there is something at `out`: nothing is overwritten. */
export async function requireFree(out: string): Promise<void> {
  try {
    await lstat(out);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  throw new RedsunError('export/exists', `${out} is there already; name another with --out`);
}

/** What a copy takes of the disk. `exact` is looked for before anything is written; a compressed one takes less than its pixels. */
export interface NeededBytes {
  readonly bytes: number;
  readonly kind: 'exact' | 'atMost';
}

/**
 * Has something made under a name of its own beside `out`, which gets its name when it is whole. What was made so far is removed when
 * `make` fails or is aborted. @throws RedsunError `target/no-space`, `export/exists`, `export/write-failed`; what `make` throws.
 */
export async function makeWhole(
  out: string,
  needed: NeededBytes,
  make: (partial: string) => Promise<void>,
): Promise<void> {
  await requireFree(out);
  const free = await freeBytesBelow(dirname(out)).catch(() => null);
  const needs = `${needed.kind === 'exact' ? '' : 'at most '}${readableBytes(needed.bytes)}`;
  if (needed.kind === 'exact' && free !== null && free < needed.bytes) {
    throw new RedsunError('target/no-space', `${out}: the copy needs ${needs}, only ${readableBytes(free)} are free`);
  }
  const partial = `${out}.${process.pid}.part`;
  try {
    await make(partial);
    await requireFree(out);
    await onceFree(() => rename(partial, out));
  } catch (error) {
    const written = await bytesBelow(partial).catch(() => 0);
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw inWords(
      error,
      `${out}: WHY after ${readableBytes(written)}. The copy needs ${needs}; nothing of it was left`,
    );
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the disk takes no larger file',
  EROFS: 'the disk may not be written to',
  EACCES: 'there is no permission to write',
  EPERM: 'there is no permission to write',
  EIO: 'the disk does not work',
  ENODEV: 'the disk is gone',
  ENXIO: 'the disk is gone',
  ESTALE: 'the disk is gone',
};

/** What the system says of a disk, as a sentence; other errors as they are. */
function inWords(error: unknown, sentence: string): unknown {
  const why = FAULTS[codeOf(error)];
  if (why === undefined) return error;
  return new RedsunError('export/write-failed', sentence.replace('WHY', why), { cause: error });
}

async function bytesBelow(path: string): Promise<number> {
  const found = await stat(path);
  if (found.isFile()) return found.size;
  let bytes = 0;
  for (const name of await readdir(path, { recursive: true })) {
    const part = await stat(join(path, name));
    if (part.isFile()) bytes += part.size;
  }
  return bytes;
}

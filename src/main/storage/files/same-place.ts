import type { BigIntStats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { hasCode, RedsunError } from '../../../sdk/util/index.ts';

// A folder that was deleted or moved takes its files along: whoever has them open goes on writing, and nobody finds what is written. So the
// paths are compared with what was there when the run began.

/** Remembers what lay at a path, and says when that is no longer so. */
export class SamePlace {
  readonly #path: string;
  readonly #found: BigIntStats;

  private constructor(path: string, found: BigIntStats) {
    this.#path = path;
    this.#found = found;
  }

  /** @throws what the system says when there is nothing. */
  static async of(path: string): Promise<SamePlace> {
    return new SamePlace(path, await stat(path, { bigint: true }));
  }

  /** @throws RedsunError `target/moved` */
  async require(): Promise<void> {
    requireSame(this.#path, await statOrNull(this.#path), this.#found);
  }
}

/** Of a file that is open. @throws RedsunError `target/moved` when its path leads to another file, or to none. */
export async function requireSameFile(handle: FileHandle, path: string): Promise<void> {
  requireSame(path, await statOrNull(path), await handle.stat({ bigint: true }));
}

function requireSame(path: string, now: BigIntStats | null, before: BigIntStats): void {
  if (now === null) {
    throw new RedsunError(
      'target/moved',
      `${path} is not there any more: it was deleted or moved, or its disk is gone`,
    );
  }
  if (now.ino === before.ino && now.dev === before.dev) return;
  // Some network folders give a file another number each time that it is asked for: what was made in the same instant is the same.
  if (now.birthtimeNs === before.birthtimeNs && now.birthtimeNs > 0n && now.dev === before.dev) return;
  throw new RedsunError('target/moved', `${path} was replaced by another: what the run has written is elsewhere`);
}

async function statOrNull(path: string): Promise<BigIntStats | null> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return null;
    throw error;
  }
}

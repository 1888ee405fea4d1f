import { open, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { onceFree } from '../files/once-free.ts';
import { openRegular } from '../files/regular-file.ts';
import { syncFile } from '../files/sync-file.ts';

const PIECE_BYTES = 4 * 1024 * 1024;

/** A part of a file, bytes. */
export interface FileExtent {
  readonly offset: number;
  readonly byteLength: number;
}

/** Copies these parts of the file `from` to the same places of a new file `to`, and has them reach the disk. Half a copy is removed. */
export async function copyExtents(from: string, to: string, extents: readonly FileExtent[]): Promise<void> {
  const source = await openRegular(from);
  try {
    const copy = await open(to, 'w');
    try {
      const piece = new Uint8Array(PIECE_BYTES);
      for (const { offset, byteLength } of extents) {
        for (let done = 0; done < byteLength; ) {
          const length = Math.min(PIECE_BYTES, byteLength - done);
          const { bytesRead } = await source.read(piece, 0, length, offset + done);
          // What was promised to a frame that failed may lie behind the end: it is as empty there.
          if (bytesRead === 0) break;
          await copy.write(piece, 0, bytesRead, offset + done);
          done += bytesRead;
        }
      }
      await syncFile(copy);
    } finally {
      await copy.close();
    }
  } catch (error) {
    await rm(to, { force: true }).catch(() => {});
    throw error;
  } finally {
    await source.close();
  }
}

/** Puts a link to `target` in the place of `path` in one step: a reader finds the file that was there, or the one in its stead. */
export async function replaceByLink(path: string, target: string): Promise<void> {
  const before = await readlink(path).catch(() => null);
  const link = `${path}.link`;
  await rm(link, { force: true });
  await symlink(target, link, 'file');
  await onceFree(() => rename(link, path));
  if (before !== null) await rm(resolve(dirname(path), before), { force: true }).catch(() => {});
}

import { randomFill } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const RESERVE_FILE = 'reserve.bin';
/** Enough for the documents, the journal and the metadata of a run that ends, or goes on elsewhere, on a full disk. */
const RESERVE_BYTES = 8_000_000;

/** Room in the run folder that is kept from the start, for when the disk is full. */
export class RunReserve {
  #path: string | null = null;

  /** A run does without where there is no room for it. */
  async keepIn(runFolder: string): Promise<void> {
    const path = join(runFolder, RESERVE_FILE);
    this.#path = path;
    const bytes = new Uint8Array(RESERVE_BYTES);
    // Random: zeros take no room where the file system compresses.
    await promisify(randomFill)(bytes);
    await writeFile(path, bytes).catch(() => rm(path, { force: true }).catch(() => {}));
  }

  /** Gives the room back. May be called twice. */
  readonly release = async (): Promise<void> => {
    // On a disk that is gone there is nothing to give back.
    if (this.#path) await rm(this.#path, { force: true }).catch(() => {});
  };
}

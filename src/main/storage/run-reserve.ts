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
  #made: Promise<void> = Promise.resolve();

  /** Makes the file behind the caller's back: a run does not wait for it, and does without where it cannot be made. */
  keepIn(runFolder: string): void {
    const path = join(runFolder, RESERVE_FILE);
    this.#path = path;
    this.#made = makeReserve(path).catch(() => {});
  }

  /** Gives the room back. May be called twice. */
  readonly release = async (): Promise<void> => {
    await this.#made;
    // On a disk that is gone there is nothing to give back.
    if (this.#path) await rm(this.#path, { force: true }).catch(() => {});
  };
}

async function makeReserve(path: string): Promise<void> {
  // Random: zeros take no room where the file system compresses.
  const bytes = new Uint8Array(RESERVE_BYTES);
  await promisify(randomFill)(bytes);
  await writeFile(path, bytes);
}

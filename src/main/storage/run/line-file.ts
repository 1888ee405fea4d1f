import { type FileHandle, open } from 'node:fs/promises';
import { requireSameFile } from '../files/same-place.ts';
import { syncFile } from '../files/sync-file.ts';
import type { DiskGate } from '../target/disk-gate.ts';

/** An append-only file of JSON Lines. Lines that come while others are being written share the next write. */
export class LineFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #gate: DiskGate | null;
  /** Of the whole lines: what follows was left by a write that failed. */
  #bytes: number;
  #waiting: { readonly text: string; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  #writing: Promise<void> | null = null;

  private constructor(path: string, handle: FileHandle, bytes: number, gate: DiskGate | null) {
    this.#path = path;
    this.#handle = handle;
    this.#bytes = bytes;
    this.#gate = gate;
  }

  /** @param gate - holds lines back while the disk is full. */
  static async open(path: string, gate: DiskGate | null = null): Promise<LineFile> {
    const handle = await open(path, 'a');
    const { size } = await handle.stat();
    return new LineFile(path, handle, size, gate);
  }

  /** Resolves when the line was handed to the operating system. */
  append(value: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text: `${JSON.stringify(value)}\n`, resolve, reject });
      this.#writing ??= this.#writeWaiting();
    });
  }

  /** @returns false where the file system cannot sync. */
  async sync(): Promise<boolean> {
    await this.#writing;
    return syncFile(this.#handle);
  }

  /** @throws RedsunError `target/moved` when the file is no longer found by its path. */
  requirePlace(): Promise<void> {
    return requireSameFile(this.#handle, this.#path);
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }

  async #writeWaiting(): Promise<void> {
    // Lines that come in the same breath, as those of one batch of frames do, share the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const bytes = Buffer.from(batch.map(({ text }) => text).join(''));
        await (this.#gate ? this.#gate.pass(this.#path, 'records', () => this.#append(bytes)) : this.#append(bytes));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = null;
  }

  /** A part that was written before a fault goes, so that the next line begins on a line of its own. */
  async #append(bytes: Buffer): Promise<void> {
    try {
      await this.#handle.appendFile(bytes);
      this.#bytes += bytes.byteLength;
    } catch (error) {
      await this.#handle.truncate(this.#bytes).catch(() => {});
      throw error;
    }
  }
}

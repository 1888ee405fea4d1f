import { type FileHandle, open } from 'node:fs/promises';

/** A file that is opened when somebody needs it, once for all who need it at the same time, and can be let go of in between. */
export class OpenedFile {
  readonly path: string;
  #handle: FileHandle | null = null;
  #opening: Promise<FileHandle> | null = null;
  #users = 0;

  constructor(path: string) {
    this.path = path;
  }

  get isOpenAndIdle(): boolean {
    return this.#handle !== null && this.#users === 0;
  }

  /** Takes over a file that was just made, which belongs to this from now on. */
  adopt(handle: FileHandle): void {
    this.#handle = handle;
  }

  async use<T>(work: (handle: FileHandle) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work(await this.#open());
    } finally {
      this.#users--;
    }
  }

  /** Lets go of the file unless somebody uses it; it is opened again when needed. */
  async release(): Promise<void> {
    if (this.isOpenAndIdle) await this.close();
  }

  /** As `release`, whoever uses it: for when another file takes its place. @returns false when it was not open. */
  async close(): Promise<boolean> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
    return handle !== null;
  }

  #open(): Promise<FileHandle> {
    if (this.#handle) return Promise.resolve(this.#handle);
    this.#opening ??= open(this.path, 'r+').then(
      (handle) => {
        this.#handle = handle;
        this.#opening = null;
        return handle;
      },
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }
}

export async function writeFully(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, offset + done);
    done += bytesWritten;
  }
}

import { constants, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type Clock, hasCode } from '../../../sdk/util/index.ts';
import { onceFree } from '../files/once-free.ts';
import { openRegular, readPart } from '../files/regular-file.ts';
import { syncFile } from '../files/sync-file.ts';
import { LineFile } from '../run/line-file.ts';

/** Beside the run: what a recovery replaced. */
export const KEPT_PREFIX = 'recovered-';
const LOG_FILE = 'undo.jsonl';
const HOW = `What a recovery replaced in this run, before it did. Each line of ${LOG_FILE} is a change; undone from the last to the first, the
run is as it was:
  kept, offset null    the file was this: copy "kept" over "file"
  kept, offset a number   these bytes of the file were other ones: write "kept" at "offset" of "file"
  size a number        the file was so long: cut it there
  size null            the file was not there: delete it
Paths are those in the run folder; files in "kept" lie in this folder. Pixels of full resolution are never changed.
`;

/** A change, in the words of the file. */
interface KeptLine {
  readonly file: string;
  /** Null: nothing of it was replaced, as the file was not there or got longer only. */
  readonly kept: string | null;
  /** Of the bytes that were kept, in the file; null: it was kept whole. */
  readonly offset: number | null;
  /** Bytes that the file had; null: it was not there. */
  readonly size: number | null;
}

/** Keeps what a recovery is about to replace, so that it can be undone by hand. Nothing is made as long as nothing is replaced. */
export class KeptBytes {
  readonly #runFolder: string;
  readonly #clock: Clock;
  #folder: string | null = null;
  #log: LineFile | null = null;
  readonly #whole = new Set<string>();
  #parts = 0;

  constructor(runFolder: string, clock: Clock) {
    this.#runFolder = runFolder;
    this.#clock = clock;
  }

  /** Path of the folder; null: nothing was replaced so far. */
  get folder(): string | null {
    return this.#folder;
  }

  /** The file at `path`, which may not be there, is about to be replaced. */
  async file(path: string): Promise<void> {
    if (this.#whole.has(path)) return;
    this.#whole.add(path);
    const size = await sizeOf(path);
    const name = this.#nameOf(path);
    if (size === null) return this.#tell({ file: name, kept: null, offset: null, size });
    const copy = await this.#placeFor(name);
    await copyFile(path, copy, constants.COPYFILE_EXCL);
    await syncPath(copy);
    await this.#tell({ file: name, kept: name, offset: null, size });
  }

  /** Bytes of the file at `path` are about to be replaced, cut off, or, behind its end, added. */
  async part(path: string, offset: number, byteLength: number): Promise<void> {
    if (this.#whole.has(path)) return;
    const size = await sizeOf(path);
    const name = this.#nameOf(path);
    const length = Math.max(0, Math.min(byteLength, (size ?? 0) - offset));
    if (length === 0) return this.#tell({ file: name, kept: null, offset: null, size });
    const kept = `${name}.${++this.#parts}.part`;
    const file = await openRegular(path);
    const bytes = await readPart(file, offset, length).finally(() => file.close());
    const copy = await this.#placeFor(kept);
    await writeFile(copy, bytes, { flag: 'wx' });
    await syncPath(copy);
    await this.#tell({ file: name, kept, offset, size });
  }

  /** The file at `path` goes; it lies here from now on. */
  async takeAway(path: string): Promise<void> {
    const name = this.#nameOf(path);
    const size = await sizeOf(path).catch(() => null);
    const place = await this.#placeFor(name);
    await onceFree(() => rename(path, place), this.#clock).catch(async (error: unknown) => {
      // A file that is a link into another disk, or that is held: it was of no use to anybody.
      if (!hasCode(error, 'ENOENT')) await rm(path, { force: true });
    });
    await this.#tell({ file: name, kept: name, offset: null, size });
  }

  async close(): Promise<void> {
    await this.#log?.sync();
    await this.#log?.close();
  }

  async #tell(line: KeptLine): Promise<void> {
    const folder = await this.#made();
    this.#log ??= await LineFile.open(join(folder, LOG_FILE));
    await this.#log.append(line);
    await this.#log.sync();
  }

  async #placeFor(name: string): Promise<string> {
    const place = join(await this.#made(), name);
    await mkdir(dirname(place), { recursive: true });
    return place;
  }

  /** Named after the time; a second recovery within the same second gets a name of its own. */
  async #made(): Promise<string> {
    if (this.#folder !== null) return this.#folder;
    const time = new Date(this.#clock.now() * 1000).toISOString().slice(0, 19).replaceAll(':', '-');
    for (let again = 1; ; again++) {
      const path = join(this.#runFolder, `${KEPT_PREFIX}${time}${again === 1 ? '' : `-${again}`}`);
      try {
        await mkdir(path);
        await writeFile(join(path, 'README.txt'), HOW);
        this.#folder = path;
        return path;
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
    }
  }

  #nameOf(path: string): string {
    return relative(this.#runFolder, path).split(sep).join('/');
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const file = await openRegular(path);
    return (await file.stat().finally(() => file.close())).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return null;
    throw error;
  }
}

async function syncPath(path: string): Promise<void> {
  const file = await openRegular(path, constants.O_RDWR);
  await syncFile(file).finally(() => file.close());
}

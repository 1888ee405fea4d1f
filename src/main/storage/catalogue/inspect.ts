import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32c } from '@node-rs/crc32';
import { asError, codeOf, RedsunError } from '../../../sdk/util/index.ts';
import {
  type ArrayInfo,
  asNumbers,
  ChunkReader,
  checkChunks,
  codecNames,
  countWrittenPlanes,
  DecodedChunks,
  describeImages,
  type ImageDescription,
  openStore,
  readArray,
  readNode,
  readRawRows,
  STORE_DTYPES,
  type StoreDescription,
  type StoreProblem,
  unravel,
} from '../../../shared/stores/index.ts';
import { readCounts } from '../run/counts-file.ts';
import { FileByteSource } from '../run/file-byte-source.ts';
import { type JournalLine, placeIn } from '../run/journal.ts';
import { journalOfStore, runFolderOf } from '../run/journal-of-store.ts';
import { confirmedPath, linkedFolders, MARK_FILE } from '../run/linked-folder.ts';
import { RUN_FILES } from '../run/run-folder.ts';
import { pointsOf } from './run-record.ts';

/** What `redsun inspect --json` prints. */
export interface StoreReport {
  readonly path: string;
  readonly zarr_format: 2 | 3 | null;
  readonly ome_version: string | null;
  readonly arrays: readonly ArrayReport[];
  /** Frames that the program knew to have reached the disk, by what lies beside the store; null: nothing tells. */
  readonly durable_frames: number | null;
  /** Of the run that the store is of: what was asked for and what was taken; null: it is of none, or that does not tell. */
  readonly points: { readonly taken: number; readonly planned: number } | null;
  /** As the metadata have them, with the path of the image's group. */
  readonly multiscales: readonly Readonly<Record<string, unknown>>[];
  /** Of the first image. */
  readonly omero: unknown;
  readonly plate: unknown;
  readonly labels: readonly string[];
  /** Folders that the store goes on in, as the disk was full. */
  readonly linked: readonly LinkedReport[];
  readonly problems: readonly StoreProblem[];
}

export interface LinkedReport {
  readonly path: string;
  /** False: it is not there, or belongs to another run. */
  readonly found: boolean;
  /** Files of the store that lie there. */
  readonly files: number;
  readonly bytes: number;
}

export interface ArrayReport {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly chunks: readonly number[];
  readonly shards: readonly number[] | null;
  readonly codecs: readonly string[];
  readonly dimension_names: readonly (string | null)[] | null;
  /** Frames that were acquired: by the journal beside the store, or by the chunks of a store of Redsun; null where nothing tells. */
  readonly written_frames: number | null;
  readonly stats: ArrayStats | null;
}

export interface ArrayStats {
  /** Not counting NaN; null when there is no number at all. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Over the decoded array, C order, little-endian. */
  readonly sha256: string;
}

export interface InspectOptions {
  /** Reads every pixel, and compares it with the checksums of the journal. */
  readonly stats?: boolean;
  readonly signal?: AbortSignal;
}

const MAX_PLANES = 100_000_000;
const MAX_PROBLEMS_PER_ARRAY = 20;
/** Of a plane, that are read at a time. */
const BAND_BYTES = 64 * 1024 * 1024;
/** Of decoded chunks: those of several planes are not decoded for each of them. */
const KEPT_BYTES = 256 * 1024 * 1024;

/** Looks a store over. What is wrong with it is in `problems`. @throws RedsunError `store/not-found` when there is nothing at `path`. */
export async function inspectStore(path: string, options: InspectOptions = {}): Promise<StoreReport> {
  const root = resolve(path);
  if (!(await isFolder(root))) throw new RedsunError('store/not-found', `${path}: there is no such folder`);
  const inspection = new Inspection(root, options);
  return { path, ...(await inspection.run()) };
}

/** What is told of a store that cannot be opened, its problems aside. */
export const NOTHING_FOUND: Omit<StoreReport, 'path' | 'problems'> = {
  zarr_format: null,
  ome_version: null,
  arrays: [],
  durable_frames: null,
  points: null,
  multiscales: [],
  omero: null,
  plate: null,
  labels: [],
  linked: [],
};

class Inspection {
  readonly #source: FileByteSource;
  readonly #options: InspectOptions;
  readonly #problems: StoreProblem[] = [];

  constructor(root: string, options: InspectOptions) {
    this.#source = new FileByteSource(root);
    this.#options = options;
  }

  async run(): Promise<Omit<StoreReport, 'path'>> {
    let store: StoreDescription;
    try {
      store = await openStore(this.#source, this.#options.signal);
    } catch (thrown) {
      this.#note('', thrown);
      return { ...NOTHING_FOUND, problems: this.#problems };
    }
    this.#problems.push(...store.problems);
    const journal = await this.#journal();
    const labels = await this.#labelImages(store.labels);
    const arrays: ArrayReport[] = [];
    for (const { levels, planesPerFrame } of [...store.images, ...labels]) {
      for (const level of levels) arrays.push(await this.#array(level.path, journal, planesPerFrame));
    }
    const attributes = await Promise.all(store.images.map(({ path }) => this.#attributes(path)));
    const multiscales = attributes.flatMap((ome, at) =>
      (Array.isArray(ome.multiscales) ? ome.multiscales : []).map((one) => ({ path: store.images[at]?.path, ...one })),
    );
    return {
      zarr_format: store.zarrFormat,
      ome_version: store.omeVersion,
      arrays,
      durable_frames: await this.#durableFrames(journal),
      points: await this.#points(),
      multiscales,
      omero: attributes.find((ome) => 'omero' in ome)?.omero ?? null,
      plate: store.layout === 'plate' ? ((await this.#attributes('')).plate ?? null) : null,
      labels: store.labels,
      linked: await this.#linked(),
      problems: this.#problems,
    };
  }

  /** By the documents beside the store. */
  async #points(): Promise<StoreReport['points']> {
    const { root } = this.#source;
    if (basename(root) !== RUN_FILES.store) return null;
    return await pointsOf(dirname(root)).catch(() => null);
  }

  async #array(
    path: string,
    journal: ReadonlyMap<string, readonly JournalLine[]> | null,
    planesPerFrame: number | undefined,
  ): Promise<ArrayReport> {
    const array = await readArray(this.#source, path, this.#options.signal);
    const lines = journal?.get(path) ?? [];
    const stats = this.#options.stats ? await this.#stats(array, lines) : null;
    // Whoever reads every pixel has found what this would find.
    if (!this.#options.stats) this.#problems.push(...(await checkChunks(this.#source, array, this.#options.signal)));
    return {
      path,
      shape: array.shape,
      dtype: array.dtype,
      chunks: array.chunkShape,
      shards: array.sharding?.shardShape ?? null,
      codecs: codecNames(array),
      dimension_names: array.dimensionNames,
      written_frames: await this.#writtenFrames(array, lines, planesPerFrame),
      stats,
    };
  }

  /** By the journal; coarser levels, and stores that came without one, by their chunks. */
  async #writtenFrames(
    array: ArrayInfo,
    lines: readonly JournalLine[],
    planesPerFrame: number | undefined,
  ): Promise<number | null> {
    // A frame taken again after a pause has two lines, and is one.
    if (lines.length > 0) return new Set(lines.map(placeIn)).size;
    if (planesPerFrame === undefined) return null;
    try {
      const planes = await countWrittenPlanes(this.#source, array, this.#options.signal);
      return planes && planes / planesPerFrame;
    } catch (thrown) {
      // What is wrong with the shards is found by whoever checks them.
      if (thrown instanceof RedsunError) return null;
      throw thrown;
    }
  }

  /** Plane by plane, and those in parts, so that no store takes more memory than another; null when a part cannot be read. */
  async #stats(array: ArrayInfo, lines: readonly JournalLine[]): Promise<ArrayStats | null> {
    const leading = array.shape.slice(0, -2);
    const planes = leading.reduce((product, size) => product * size, 1);
    if (planes > MAX_PLANES) {
      this.#note(
        array.path,
        new RedsunError('store/too-large', `${array.path || '/'}: ${planes} planes are too many to read`),
      );
      return null;
    }
    const checksums = new Map(lines.flatMap(planeChecksums));
    const hash = createHash('sha256');
    const sums = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sum: 0, count: 0 };
    const { signal } = this.#options;
    let faults = 0;
    const chunks = new DecodedChunks(array, new ChunkReader(this.#source, array, signal), KEPT_BYTES);
    for (let at = 0; at < planes && faults < MAX_PROBLEMS_PER_ARRAY; at++) {
      const index = unravel(at, leading);
      try {
        let found = 0;
        for (const rows of bandsOf(array)) {
          const raw = await readRawRows(array, index, rows, chunks, signal);
          // What is known already comes at once, and a signal is heard only in between.
          await setImmediate();
          const bytes = new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);
          hash.update(bytes);
          found = crc32c(bytes, found);
          accumulate(sums, asNumbers(array.dtype, raw));
        }
        checkPlane(array.path, index, found, checksums.get(index.join(' ')));
      } catch (thrown) {
        faults++;
        this.#note(array.path, thrown);
      }
    }
    if (faults > 0) return null;
    const sha256 = hash.digest('hex');
    if (sums.count === 0) return { min: null, max: null, mean: null, sha256 };
    return { min: sums.min, max: sums.max, mean: sums.sum / sums.count, sha256 };
  }

  async #journal(): Promise<ReadonlyMap<string, readonly JournalLine[]> | null> {
    const journal = await journalOfStore(this.#source, this.#options.signal).catch((thrown: unknown) => {
      if (!codeOf(thrown).startsWith('file/')) throw thrown;
      this.#note('', new RedsunError('store/bad-journal', asError(thrown).message, { cause: thrown }));
      return null;
    });
    if (!journal) return null;
    for (const line of journal.badLines) {
      this.#note('', new RedsunError('store/bad-journal', `${RUN_FILES.journal}: line ${line} is malformed`));
    }
    const byArray = new Map<string, JournalLine[]>();
    for (const line of journal.lines) {
      const lines = byArray.get(line.array);
      if (lines) lines.push(line);
      else byArray.set(line.array, [line]);
    }
    return byArray;
  }

  /** At least as many: which of the frames that were taken again had been synced when the run broke off, nothing tells. */
  async #durableFrames(journal: ReadonlyMap<string, readonly JournalLine[]> | null): Promise<number | null> {
    const run = await runFolderOf(this.#source.root);
    const counts = run && (await readCounts(join(run, RUN_FILES.counts)).catch(() => null));
    if (!counts) return null;
    const lines = [...(journal?.values() ?? [])].flat();
    const takenAgain = lines.length - new Set(lines.map(placeIn)).size;
    return Math.max(0, counts.durable - takenAgain);
  }

  async #labelImages(paths: readonly string[]): Promise<ImageDescription[]> {
    const found: ImageDescription[] = [];
    for (const path of paths) {
      const node = await readNode(this.#source, path).catch(() => null);
      if (node?.kind !== 'group') continue;
      found.push(...(await describeImages(this.#source, path, node.attributes)).images);
    }
    return found;
  }

  async #linked(): Promise<LinkedReport[]> {
    const reports: LinkedReport[] = [];
    const run = await runFolderOf(this.#source.root);
    for (const folder of run ? await linkedFolders(run).catch(this.#noLinks) : []) {
      const real = await confirmedPath(folder);
      reports.push({ path: folder.path, found: real !== null, ...(await filesBelow(real)) });
    }
    return reports;
  }

  readonly #noLinks = (thrown: unknown): [] => {
    this.#note('', thrown);
    return [];
  };

  /** What NGFF speaks about in the group at `path`. */
  async #attributes(path: string): Promise<Readonly<Record<string, unknown>>> {
    const attributes = (await readNode(this.#source, path))?.attributes ?? {};
    const { ome } = attributes;
    return typeof ome === 'object' && ome !== null ? (ome as Readonly<Record<string, unknown>>) : attributes;
  }

  #note(path: string, thrown: unknown): void {
    if (!(thrown instanceof RedsunError)) throw thrown;
    this.#problems.push({ path, code: thrown.code, message: thrown.message });
  }
}

/** Each plane of a frame, and its checksum. */
function planeChecksums({ index, crc32c, planes }: JournalLine): [plane: string, crc32c: string][] {
  const { t, c, z } = index;
  if (!planes) return [[`${t} ${c} ${z}`, crc32c]];
  return planes.crc32c.map((own, at) => [`${t} ${c + Math.floor(at / planes.z)} ${z + (at % planes.z)}`, own]);
}

/** Rows of a plane that are read at a time: whole chunks, as many as memory that is there anyway. */
function* bandsOf({
  shape,
  chunkShape,
  dtype,
}: ArrayInfo): Generator<{ readonly top: number; readonly height: number }> {
  const [height, width] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const rowBytes = Math.max(1, width * STORE_DTYPES[dtype]);
  const [chunkHeight, most] = [chunkShape.at(-2) ?? 1, Math.max(1, Math.floor(BAND_BYTES / rowBytes))];
  const step = chunkHeight <= most ? most - (most % chunkHeight) : most;
  for (let top = 0; top < height; top += step) yield { top, height: Math.min(step, height - top) };
}

function checkPlane(path: string, index: readonly number[], crc32c: number, expected: string | undefined): void {
  if (expected === undefined) return;
  const found = crc32c.toString(16).padStart(8, '0');
  if (found === expected) return;
  throw new RedsunError(
    'store/wrong-pixels',
    `${path}: plane [${index.join(', ')}] has CRC-32C ${found}, the journal says ${expected}`,
  );
}

function accumulate(sums: { min: number; max: number; sum: number; count: number }, pixels: ArrayLike<number>): void {
  let { min, max } = sums;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < pixels.length; at++) {
    const value = pixels[at] as number;
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  sums.min = min;
  sums.max = max;
  sums.sum += sum;
  sums.count += count;
}

/** Of a linked folder, without what names the run. */
async function filesBelow(folder: string | null): Promise<{ readonly files: number; readonly bytes: number }> {
  if (folder === null) return { files: 0, bytes: 0 };
  let [files, bytes] = [0, 0];
  for (const name of await readdir(folder, { recursive: true })) {
    const found = await stat(join(folder, name));
    if (!found.isFile() || name === MARK_FILE) continue;
    files++;
    bytes += found.size;
  }
  return { files, bytes };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

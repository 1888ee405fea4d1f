import type { Compression } from '../../src/shared/config/compression.ts';

/** What each side writes. */
export interface StorageCase {
  readonly name: string;
  readonly edgePx: number;
  readonly compression: Compression;
  /** Resolutions, the full one included. */
  readonly levels: number;
}

export const CASES: readonly StorageCase[] = [
  { name: '2048 px', edgePx: 2048, compression: 'none', levels: 1 },
  { name: '2048 px, blosc-lz4', edgePx: 2048, compression: 'blosc-lz4', levels: 1 },
  { name: '2048 px, blosc-zstd', edgePx: 2048, compression: 'blosc-zstd', levels: 1 },
  { name: '2048 px, 3 levels', edgePx: 2048, compression: 'none', levels: 3 },
  { name: '512 px', edgePx: 512, compression: 'none', levels: 1 },
];

export const SIDES = ['redsun', 'acquire-zarr', 'tensorstore', 'zarr-python', 'raw-direct', 'raw-buffered'] as const;
export type Side = (typeof SIDES)[number];

/** Levels are what two of them can make; a plain file knows no codec. */
export function canDo(side: Side, { compression, levels }: StorageCase): boolean {
  if (side === 'redsun') return true;
  if (side.startsWith('raw')) return compression === 'none' && levels === 1;
  return levels === 1 || side === 'acquire-zarr';
}

/** What a side is told, as JSON on its command line. */
export interface Job {
  readonly side: Side;
  readonly edgePx: number;
  readonly compression: Compression;
  readonly levels: number;
  readonly frames: number;
  /** Rows and columns of a chunk, px. */
  readonly chunkPx: number;
  readonly framesPerShard: number;
  /** A file of source frames, uint16, C order; they are written again and again. */
  readonly source: string;
  /** Must not exist yet. */
  readonly target: string;
  /** Our threads, bundled; the others know nothing of it. */
  readonly workerPath: string;
}

/** What a side answers. */
export interface Outcome {
  /** From opening to closed, s. */
  readonly closedS: number;
  /** The same, and all is on the disk, s. */
  readonly durableS: number;
  /** Of the process, its source frames included, MB. */
  readonly peakMb: number;
  /** How late the main thread was at worst in 99 of 100 cases while frames came, ms; ours only. */
  readonly lagP99Ms?: number;
}

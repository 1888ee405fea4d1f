import { basename, dirname, join } from 'node:path';
import { isObject } from '../../../shared/stores/index.ts';
import { type JournalLine, readJournal } from '../run/journal.ts';
import { RUN_FILES } from '../run/run-folder.ts';

/** Where and when a plane was taken. */
export interface PlaneFacts {
  readonly t: number;
  readonly c: number;
  readonly z: number;
  /** From the first frame of the run, s. */
  readonly afterS: number;
  /** null: nobody knows. */
  readonly exposureMs: number | null;
  /** As read back, else as asked for, um; null: nobody knows. */
  readonly xUm: number | null;
  readonly yUm: number | null;
  readonly zUm: number | null;
}

/** What the journal of a run says of the planes of one of its images. */
export interface ImageFacts {
  /** Unix time, s, of the first frame of the run. */
  readonly startedAt: number;
  readonly planes: readonly PlaneFacts[];
}

/** The journal of the run that a store is of; empty for any other store, whatever lies beside it. */
export async function journalOf(root: string): Promise<readonly JournalLine[]> {
  if (basename(root) !== RUN_FILES.store) return [];
  return (await readJournal(join(dirname(root), RUN_FILES.journal)))?.lines ?? [];
}

/** @param arrayPath - of the full resolution. @param attributes - of the image's group. */
export function imageFacts(
  lines: readonly JournalLine[],
  arrayPath: string,
  attributes: Readonly<Record<string, unknown>>,
): ImageFacts | null {
  const redsun = isObject(attributes.redsun) ? attributes.redsun : {};
  const axes = isObject(redsun.stage_axes) ? redsun.stage_axes : {};
  const startedAt = lines.reduce((first, { time }) => Math.min(first, time), Number.POSITIVE_INFINITY);
  // Settings are told when they change, along all images of the camera.
  const exposureKey = `${String(redsun.camera)}-exposure_ms`;
  let exposureMs: number | null = null;
  const planes = lines.flatMap((line): PlaneFacts[] => {
    exposureMs = numberOrNull(line.changed[exposureKey]) ?? exposureMs;
    if (line.array !== arrayPath) return [];
    const at = (axis: unknown) => (typeof axis === 'string' ? whereUm(line, axis) : null);
    const known = { afterS: line.time - startedAt, exposureMs, xUm: at(axes.x), yUm: at(axes.y), zUm: at(axes.z) };
    return planesOf(line).map((index) => ({ ...known, ...index, zUm: index.z === line.index.z ? known.zUm : null }));
  });
  return planes.length > 0 ? { startedAt, planes } : null;
}

/** A frame in colour, or of a volume, is several planes. */
function planesOf({ index, planes = { c: 1, z: 1, crc32c: [] } }: JournalLine) {
  return Array.from({ length: planes.c * planes.z }, (_, at) => ({
    t: index.t,
    c: index.c + Math.floor(at / planes.z),
    z: index.z + (at % planes.z),
  }));
}

function whereUm({ read, asked }: JournalLine, axis: string): number | null {
  return numberOrNull(read[axis]) ?? numberOrNull(asked[axis]);
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

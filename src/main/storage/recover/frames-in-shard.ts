import { type ArrayOnDisk, keyOf, type PlaneAt, planeAt, type ShardKey } from '../run/array-on-disk.ts';
import type { PlanesPerFrame } from '../run/image-on-disk.ts';
import type { JournalLine } from '../run/journal.ts';

/** A frame that a shard has room for. */
export interface ShardFrame {
  /** Of its first plane. */
  readonly key: string;
  /** What the journal says of it; null: nothing. */
  readonly line: JournalLine | null;
  readonly planes: readonly ShardPlane[];
}

export interface ShardPlane {
  readonly at: PlaneAt;
  /** Its number in the shard. */
  readonly place: number;
  /** Hexadecimal; null: the journal does not tell. */
  readonly crc32c: string | null;
}

/** All frames that a shard has room for, whether they came or not. The planes of a frame are never apart. */
export function framesIn(
  array: ArrayOnDisk,
  shard: ShardKey,
  journal: ReadonlyMap<string, JournalLine>,
  perFrame: PlanesPerFrame,
): ShardFrame[] {
  const [t, c, z] = array.extent;
  const frames = new Map<string, { readonly line: JournalLine | null; readonly planes: ShardPlane[] }>();
  for (let place = 0; place < t * c * z; place++) {
    const at = planeAt(array, shard, place);
    const [inC, inZ] = [at[1] % perFrame.c, at[2] % perFrame.z];
    const key = keyOf([at[0], at[1] - inC, at[2] - inZ]);
    const frame = frames.get(key) ?? { line: journal.get(key) ?? null, planes: [] };
    frames.set(key, frame);
    frame.planes.push({ at, place, crc32c: checksumOf(frame.line, inC * perFrame.z + inZ) });
  }
  return [...frames].map(([key, frame]) => ({ key, ...frame }));
}

function checksumOf(line: JournalLine | null, plane: number): string | null {
  if (!line?.planes) return line?.crc32c ?? null;
  return line.planes.crc32c[plane] ?? null;
}

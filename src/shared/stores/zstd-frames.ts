// Where the frames of Zstandard data end and how much can come out of them, told without decompressing (RFC 8878, 3.1.1): a decompressor
// that was asked to go on as long as something comes would make gigabytes of a few kilobytes.

const MAGIC = 0xfd2fb528;
/** The low four bits are free. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const MOST_BLOCK_BYTES = 128 * 1024;
const HEADER_BYTES = 3;

export interface ZstdFrame {
  readonly offset: number;
  readonly length: number;
  /** What its header says comes out; null: it does not say. */
  readonly declaredBytes: number | null;
  /** More cannot come out. */
  readonly mostBytes: number;
}

/** A part of the data, from `offset` on; shorter where they end. */
export type ZstdPart = (offset: number, length: number) => Promise<Uint8Array> | Uint8Array;

/**
 * The frames, skippable ones left out.
 * @returns null when these are not Zstandard's bytes; `truncated` when they end within a frame.
 */
export async function zstdFrames(
  part: ZstdPart,
  byteLength: number,
): Promise<readonly ZstdFrame[] | 'truncated' | null> {
  const frames: ZstdFrame[] = [];
  for (let offset = 0; offset < byteLength; ) {
    const head = await part(offset, 18);
    if (head.byteLength < 4) return 'truncated';
    const magic = number(head, 0, 4);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      if (head.byteLength < 8) return 'truncated';
      offset += 8 + number(head, 4, 4);
      if (offset > byteLength) return 'truncated';
      continue;
    }
    if (magic !== MAGIC) return null;
    const frame = await frameAt(part, byteLength, offset, head);
    if (frame === null || frame === 'truncated') return frame;
    frames.push(frame);
    offset += frame.length;
  }
  return frames.length > 0 ? frames : 'truncated';
}

async function frameAt(part: ZstdPart, byteLength: number, offset: number, head: Uint8Array) {
  if (head.byteLength < 6) return 'truncated';
  const descriptor = head[4] as number;
  const isSingle = (descriptor & 0x20) !== 0;
  const hasChecksum = (descriptor & 0x04) !== 0;
  const sizeAt = 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] as number);
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  if (head.byteLength < sizeAt + sizeBytes) return 'truncated';
  const declaredBytes = sizeBytes === 0 ? null : number(head, sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  const most = Math.min(MOST_BLOCK_BYTES, isSingle ? (declaredBytes ?? MOST_BLOCK_BYTES) : windowOf(head[5] as number));
  let mostBytes = 0;
  for (let at = offset + sizeAt + sizeBytes; ; ) {
    const block = await part(at, HEADER_BYTES);
    if (block.byteLength < HEADER_BYTES) return 'truncated';
    const header = number(block, 0, HEADER_BYTES);
    const [isLast, type, size] = [(header & 1) === 1, (header >> 1) & 3, header >> 3];
    if (type === 3) return null;
    at += HEADER_BYTES + (type === 1 ? 1 : size);
    mostBytes += type === 2 ? most : size;
    if (isLast) at += hasChecksum ? 4 : 0;
    if (at > byteLength) return 'truncated';
    if (isLast) return { offset, length: at - offset, declaredBytes, mostBytes: declaredBytes ?? mostBytes };
  }
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function number(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let at = 0; at < length; at++) value += (bytes[offset + at] ?? 0) * 2 ** (8 * at);
  return value;
}

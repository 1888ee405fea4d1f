import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../../../tests/recover/seeded-random.ts';
import { testFolder } from '../../../../tests/stores/ramp-store.ts';
import { ChunkScan, type FoundBytes } from './chunk-scan.ts';
import type { ChunkFinder } from './find-chunk.ts';

const [MARK, MOST] = [0xab, 64];

/** A chunk is a mark, its length, and so many bytes in all. */
const find: ChunkFinder = (bytes, from) => {
  for (let offset = bytes.indexOf(MARK, from); offset >= 0; offset = bytes.indexOf(MARK, offset + 1)) {
    const byteLength = bytes[offset + 1] ?? 0;
    if (byteLength >= 2 && byteLength <= MOST && offset + byteLength <= bytes.byteLength) return { offset, byteLength };
  }
  return null;
};

/** Chunks of all lengths, now and then noise between them; what is in them may look like chunks. */
function fileOf(random: () => number): Uint8Array {
  const bytes: number[] = [];
  const noise = (count: number) =>
    Array.from({ length: count }, () => (random() < 0.1 ? MARK : Math.floor(random() * 256)));
  while (bytes.length < 4000) {
    const length = 2 + Math.floor(random() * (MOST - 1));
    if (random() < 0.3) bytes.push(...noise(Math.floor(random() * 200)));
    bytes.push(MARK, length, ...noise(length - 2));
  }
  return Uint8Array.from(bytes);
}

test('in pieces the same chunks are found as in the whole file, and no more is read at a time', async () => {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  for (let seed = 1; seed <= 20; seed++) {
    const bytes = fileOf(seededRandom(seed));
    const path = join(folder.path, `${seed}`);
    await writeFile(path, bytes);
    let largest = 0;
    const watched: ChunkFinder = (piece, from) => {
      largest = Math.max(largest, piece.byteLength);
      return find(piece, from);
    };
    const pieceBytes = 2 * MOST + seed;
    await using scan = await ChunkScan.open(path, { find: watched, mostChunkBytes: MOST, pieceBytes });
    const found: FoundBytes[] = [];
    for (let next = await scan.next(0); next; next = await scan.next(next.entry.offset + next.entry.byteLength)) {
      found.push(next);
    }
    const expected = [];
    for (let next = find(bytes, 0); next; next = find(bytes, next.offset + next.byteLength)) expected.push(next);
    expect(found.map(({ entry }) => entry)).toEqual(expected);
    // Also those of pieces that were read over since.
    for (const { entry, bytes: own } of found) {
      expect(own).toEqual(bytes.subarray(entry.offset, entry.offset + entry.byteLength));
    }
    expect(largest).toBeLessThanOrEqual(pieceBytes);
  }
});

test('nothing is found in an empty file', async () => {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  await writeFile(join(folder.path, 'empty'), '');
  await using scan = await ChunkScan.open(join(folder.path, 'empty'), { find, mostChunkBytes: MOST });
  expect(await scan.next(0)).toBeNull();
});

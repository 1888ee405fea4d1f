import { constants } from 'node:fs';
import { expect, test } from 'vitest';
import { type FileCalls, WriterFiles } from './writer-files.ts';

const PAGE_BYTES = 4096;
/** Length of each file that is read. */
const FILE_BYTES = 4 * PAGE_BYTES;
const direct = (flags: number) => (flags & (constants.O_DIRECT ?? 0)) !== 0;
const memory = new SharedArrayBuffer(4 * PAGE_BYTES);
const pages = new Uint8Array(memory, PAGE_BYTES, 2 * PAGE_BYTES);

interface Recorded {
  readonly path: string;
  readonly isDirect: boolean;
  readonly position: number;
  readonly length: number;
}

/** Notes writes. @param refuse - throws what the file system says. */
function recorder(refuse: (call: 'open' | 'read' | 'write', isDirect: boolean) => void = () => {}) {
  const opened: { readonly path: string; readonly flags: number }[] = [];
  const closed: number[] = [];
  const written: Recorded[] = [];
  const calls: FileCalls = {
    openSync: (path, flags) => {
      refuse('open', direct(flags));
      return opened.push({ path, flags }) - 1;
    },
    writev: async (file, pieces, position) => {
      const { path, flags } = opened[file] as (typeof opened)[number];
      refuse('write', direct(flags));
      const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
      // Short, as a signal may make it.
      const done = Math.min(length, PAGE_BYTES);
      written.push({ path, isDirect: direct(flags), position, length: done });
      return done;
    },
    readSync: (file, bytes, offset, length, position) => {
      refuse('read', direct((opened[file] as (typeof opened)[number]).flags));
      const done = Math.max(0, Math.min(length, PAGE_BYTES, FILE_BYTES - position));
      bytes.fill(position / PAGE_BYTES + 1, offset, offset + done);
      return done;
    },
    closeSync: (file) => void closed.push(file),
  };
  return { files: new WriterFiles(calls), opened, closed, written };
}

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test.runIf(process.platform === 'linux')('whole pages go past the page cache, all of them', async () => {
  const { files, written } = recorder();
  await files.write('/a', [pages], PAGE_BYTES);
  expect(written).toEqual([
    { path: '/a', isDirect: true, position: PAGE_BYTES, length: PAGE_BYTES },
    { path: '/a', isDirect: true, position: 2 * PAGE_BYTES, length: PAGE_BYTES },
  ]);
});

test.each([
  ['a piece that begins within a page', pages, 7],
  ['a piece that lies within a page of memory', pages.subarray(16, 16 + PAGE_BYTES), 0],
  ['a piece that ends within a page', pages.subarray(0, 100), 0],
])('%s goes through the page cache', async (_, bytes, position) => {
  const { files, written } = recorder();
  await files.write('/a', [bytes], position);
  expect(written.every(({ isDirect }) => !isDirect)).toBe(true);
  expect(written.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.byteLength);
});

test.each(['open', 'write'] as const)(
  'where the file system refuses O_DIRECT (%s), all goes through the page cache',
  async (where) => {
    const { files, written, opened } = recorder((call, isDirect) => {
      if (isDirect && call === where) throw refusal('EINVAL');
    });
    await files.write('/a', [pages], 0);
    await files.write('/b', [pages], 0);
    expect(written.map(({ path, isDirect }) => [path, isDirect])).toEqual([
      ['/a', false],
      ['/a', false],
      ['/b', false],
      ['/b', false],
    ]);
    expect(opened.filter(({ path, flags }) => path === '/b' && direct(flags))).toEqual([]);
  },
);

test('a full disk is no reason to try the other way', async () => {
  const { files, written } = recorder(() => {
    throw refusal('ENOSPC');
  });
  await expect(files.write('/a', [pages], 0)).rejects.toThrow('ENOSPC');
  expect(written).toEqual([]);
});

test('few files stay open, and a file that is let go of is closed both ways', async () => {
  const { files, opened, closed } = recorder();
  await files.write('/a', [pages], 0);
  await files.write('/a', [pages.subarray(0, 100)], 0);
  files.close('/a');
  expect(closed.length).toBe(opened.length);
  for (let file = 0; file < 40; file++) await files.write(`/${file}`, [pages], 0);
  expect(opened.length - closed.length).toBe(16);
});

test('several pieces are written one behind the other, also where a write is short', async () => {
  const memoryOf: number[] = [];
  const calls: FileCalls = {
    openSync: () => 0,
    closeSync: () => {},
    readSync: () => 0,
    writev: async (_file, pieces, position) => {
      const bytes = pieces.flatMap((piece) => [...piece]).slice(0, 3);
      bytes.forEach((byte, at) => {
        memoryOf[position + at] = byte;
      });
      return bytes.length;
    },
  };
  const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5, 6), Uint8Array.of(7)];
  await new WriterFiles(calls).write('/a', pieces, 0);
  expect(memoryOf).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('a file that is written to stays open, however many are read meanwhile', async () => {
  const { files, opened, closed } = recorder();
  const writing = files.write('/written', [pages], 0);
  for (let file = 0; file < 40; file++) files.read(`/${file}`, pages, 0);
  expect(closed.map((file) => opened[file]?.path)).not.toContain('/written');
  await writing;
  for (let file = 40; file < 80; file++) files.read(`/${file}`, pages, 0);
  expect(closed.map((file) => opened[file]?.path)).toContain('/written');
});

test('all that was asked for is read, page by page if need be', () => {
  const { files } = recorder();
  files.read('/a', pages, PAGE_BYTES);
  expect([pages[0], pages[PAGE_BYTES], pages.at(-1)]).toEqual([2, 3, 3]);
});

test('where the file system refuses O_DIRECT, pages are read through the cache', () => {
  const { files } = recorder((call, isDirect) => {
    if (isDirect && call === 'read') throw refusal('EINVAL');
  });
  files.read('/a', pages, 2 * PAGE_BYTES);
  expect([pages[0], pages[PAGE_BYTES]]).toEqual([3, 4]);
});

test('a file that ends early is named', () => {
  const { files } = recorder();
  expect(() => files.read('/a', pages, 3 * PAGE_BYTES)).toThrow('/a: ended at 16384 of 20480 bytes');
});

import type { Stats } from 'node:fs';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { hasCode, RedsunError } from '../../../sdk/util/index.ts';

// Folders come from other programs and people. What lies in them under the name of a file may be a pipe, which keeps whoever opens it until
// somebody writes to it, or a device that never ends: a few of those would stop all work on files.

/** Read at a time: the system takes no 2 GiB in one call, and an abort is heard in between. */
const PIECE_BYTES = 16 * 1024 * 1024;
/** Absent on Windows, where pipes do not lie among files. */
const NON_BLOCKING = constants.O_NONBLOCK ?? 0;
/** What opening a socket, or a pipe for writing that nobody reads, says. */
const NO_FILE = ['ENXIO', 'EOPNOTSUPP', 'ENODEV'] as const;

/** Of files that one reads at once: metadata, journals, sessions. */
export const MOST_TEXT_BYTES = 256 * 1024 * 1024;

/** @throws RedsunError `file/not-regular`, `file/is-folder`; what the system says. The caller closes what it gets. */
export async function openRegular(path: string, flags: number = constants.O_RDONLY): Promise<FileHandle> {
  const file = await open(path, flags | NON_BLOCKING).catch((cause: unknown) => {
    if (!NO_FILE.some((code) => hasCode(cause, code))) throw cause;
    throw new RedsunError('file/not-regular', `${path}: is no regular file, so it is not opened`, { cause });
  });
  try {
    requireRegular(path, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * All of a file. @param mostBytes - a longer one is not read.
 * @throws RedsunError `file/too-large`, `file/not-regular`, `file/is-folder`; what the system says.
 */
export async function readBytes(path: string, mostBytes = MOST_TEXT_BYTES): Promise<Buffer> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    if (size > mostBytes) throw tooLarge(path, size, mostBytes);
    const bytes = await readPart(file, 0, size);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } finally {
    await file.close();
  }
}

/** As `readBytes`, UTF-8; a byte order mark at the beginning is left out, as some editors put it there. */
export async function readText(path: string, mostBytes = MOST_TEXT_BYTES): Promise<string> {
  const text = (await readBytes(path, mostBytes)).toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Bytes from `offset` on, a piece at a time; fewer where the file ends. */
export async function readPart(
  file: FileHandle,
  offset: number,
  byteLength: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(byteLength);
  let done = 0;
  while (done < byteLength) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, done, Math.min(PIECE_BYTES, byteLength - done), offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done === byteLength ? bytes : bytes.subarray(0, done);
}

/** The bytes of a file, piece by piece; good until the next one. @throws as `openRegular`. */
export async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await openRegular(path);
  try {
    const buffer = new Uint8Array(1024 * 1024);
    for (let offset = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export function tooLarge(name: string, size: number, most: number): RedsunError {
  return new RedsunError('file/too-large', `${name}: ${size} bytes, more than the ${most} that are read at once`);
}

function requireRegular(path: string, found: Stats): void {
  if (found.isFile()) return;
  if (found.isDirectory()) throw new RedsunError('file/is-folder', `${path}: is a folder, not a file`);
  const what = found.isFIFO() ? 'a named pipe' : found.isSocket() ? 'a socket' : 'a device';
  throw new RedsunError('file/not-regular', `${path}: is ${what}, not a file`);
}

import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
  '.ico': 'image/x-icon',
};

/**
 * No script but our own, no eval, nothing from elsewhere. Of 'self' the WebSocket of the page's own origin is a part, and no other.
 * @param sockets - where else the page may connect: the socket of the guardian.
 */
export function pagePolicy(sockets: readonly string[]): string {
  return POLICY.replace(' SOCKETS', sockets.map((socket) => ` ${socket}`).join(''));
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' SOCKETS; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Decoders of blosc, lz4 and zstd build functions at run time; the worker that runs them has no DOM and no plugin code. */
export const DECODER_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'; connect-src 'self' data:";

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': pagePolicy([]),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

export interface PageFile {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A file of the built page, or null. Paths come as in the URL and cannot leave the folder. */
export async function readPageFile(
  folder: string,
  pathname: string,
  sockets: readonly string[],
): Promise<PageFile | null> {
  const decoded = decodePath(pathname);
  if (decoded === null) return null;
  const wanted = decoded === '/' ? '/index.html' : decoded;
  const path = normalize(join(folder, wanted));
  if (!path.startsWith(normalize(folder) + sep)) return null;
  const type = TYPES[extname(path)];
  if (!type) return null;
  const bytes = await readFile(path).catch(() => null);
  if (!bytes) return null;
  const policy = /^\/assets\/(decode-worker|blosc|lz4|zstd|chunk-decode)[^/]*\.js$/.test(wanted)
    ? DECODER_POLICY
    : pagePolicy(sockets);
  return { bytes, headers: { 'Content-Type': type, 'Content-Security-Policy': policy } };
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface Bundled {
  readonly main: string;
  readonly worker: string;
}

/** Our side and its threads into one file each, as in the packed app: what reads TypeScript at run time takes memory of its own. */
export async function bundleOurs(folder: string): Promise<Bundled> {
  const { resolve } = createRequire(import.meta.url);
  const native = { '@node-rs/crc32': resolve('@node-rs/crc32'), 'lz4-napi': resolve('lz4-napi') };
  const root = join(import.meta.dirname, '..', '..');
  const entries = [
    ['bench/storage/ours.ts', join(folder, 'ours.mjs'), 'esm'],
    ['src/main/storage/writer/writer-worker.ts', join(folder, 'writer-worker.cjs'), 'cjs'],
  ] as const;
  for (const [from, outfile, format] of entries) {
    await build({
      entryPoints: [join(root, from)],
      outfile,
      bundle: true,
      platform: 'node',
      format,
      target: 'node24',
      external: Object.values(native),
      alias: native,
      logLevel: 'error',
    });
  }
  return { main: entries[0][1], worker: entries[1][1] };
}

// `npm run kernels`: assembles src/main/storage/kernels/pixel-kernels.wat into the module beside it that the writer's threads load.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import initWabt from 'wabt';

const folder = join(import.meta.dirname, '..', 'src', 'main', 'storage', 'kernels');

/** @returns {Promise<string>} the text of pixel-kernels.wasm.ts */
export async function kernelsModule() {
  const wabt = await initWabt();
  const features = { simd: true, threads: true, bulk_memory: true };
  const parsed = wabt.parseWat('pixel-kernels.wat', readFileSync(join(folder, 'pixel-kernels.wat'), 'utf8'), features);
  parsed.validate(features);
  const { buffer } = parsed.toBinary({});
  const lines =
    Buffer.from(buffer)
      .toString('base64')
      .match(/.{1,110}/g) ?? [];
  return [
    '// Made from pixel-kernels.wat by `npm run kernels`.',
    '',
    '/** The module, in base64. */',
    'export const PIXEL_KERNELS_WASM =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(folder, 'pixel-kernels.wasm.ts'), await kernelsModule());
}

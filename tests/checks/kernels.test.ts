import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { root } from './repository-checks.ts';

test('the kernels of the writer are what pixel-kernels.wat says; npm run kernels assembles it', async () => {
  const script = pathToFileURL(join(root, 'scripts', 'write-kernels.mjs')).href;
  const { kernelsModule }: { kernelsModule: () => Promise<string> } = await import(/* @vite-ignore */ script);
  const committed = join(root, 'src', 'main', 'storage', 'kernels', 'pixel-kernels.wasm.ts');
  expect(await readFile(committed, 'utf8')).toBe(await kernelsModule());
});

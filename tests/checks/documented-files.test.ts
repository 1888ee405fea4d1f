import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './repository-checks.ts';

/** Files and folders that a page names. What has a placeholder in it is none. */
function pathsIn(page: string): string[] {
  const found = page.matchAll(/(?<![\w/.-])((?:src|plugins|tests|e2e|bench|scripts|docs)\/[\w./<>*-]+)/g);
  return [...new Set([...found].map(([, path = '']) => path.replace(/[./]+$/, '')))].filter(
    (path) => !/[<>*]/.test(path),
  );
}

async function pages(): Promise<string[]> {
  const docs = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
}

test('the page on the architecture names each way with its files, in order, and all of them exist', async () => {
  const page = await readFile(join(root, 'docs', 'architecture.md'), 'utf8');
  for (const thing of ['frame', 'message', 'click', 'bundle', 'stored byte']) {
    const [, way = ''] = page.split(`## How a ${thing} travels\n`);
    const steps = (way.split('\n## ')[0] ?? '').match(/^\d\. .*/gm) ?? [];
    expect(steps.length).toBeGreaterThan(3);
    expect(pathsIn(steps.join('\n')).length).toBeGreaterThan(3);
  }
  expect(pathsIn(page).length).toBeGreaterThan(40);
});

test('every file that a page names exists', async () => {
  const missing: string[] = [];
  for (const name of await pages()) {
    const text = await readFile(join(root, name), 'utf8');
    for (const path of pathsIn(text)) if (!existsSync(join(root, path))) missing.push(`${name}: ${path}`);
  }
  expect(missing).toEqual([]);
});

test('a file that is gone is found', () => {
  expect(pathsIn('See `src/gone/file.ts`, src/renderer/views/<name>/ and src/sdk/.')).toEqual([
    'src/gone/file.ts',
    'src/sdk',
  ]);
  expect(existsSync(join(root, 'src/gone/file.ts'))).toBe(false);
});

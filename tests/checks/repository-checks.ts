import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

export const root = join(import.meta.dirname, '..', '..');

interface LayersModule {
  readonly checkLayers: (
    folder?: string,
    targets?: readonly string[],
  ) => { readonly modules: number; readonly violations: readonly string[] };
}
interface TypesModule {
  readonly checkTypes: (folder?: string, projects?: readonly string[]) => string;
}

/** The checks of the repository as its scripts run them; scripts are plain JavaScript. */
export async function repositoryChecks(): Promise<LayersModule & TypesModule> {
  const script = (name: string) => pathToFileURL(join(root, 'scripts', 'checks', name)).href;
  const layers: LayersModule = await import(/* @vite-ignore */ script('layers.mjs'));
  const types: TypesModule = await import(/* @vite-ignore */ script('types.mjs'));
  return { ...layers, ...types };
}

const CONFIGS = [
  '.dependency-cruiser.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsconfig.node.json',
  'tsconfig.sdk.json',
];

/** A repository of its own with the configuration of this one and these files. */
export async function plantedRepository(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redsun-planted-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const config of CONFIGS) await cp(join(root, config), join(folder, config));
  await cp(join(root, 'src', 'sdk', 'ambient.d.ts'), join(folder, 'src', 'sdk', 'ambient.d.ts'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

import { createHash } from 'node:crypto';
import * as filesPromises from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import * as nodePath from 'node:path';
import { join } from 'node:path';
import * as nodeUrl from 'node:url';
import { compileFunction } from 'node:vm';
import { asError, codeOf, RedsunError } from 'redsun/sdk/util';
import { type FileProblem, formatProblem } from '../../shared/config/problem.ts';
import { YamlFile } from '../session/yaml-file.ts';
import { readText } from '../storage/files/regular-file.ts';
import { compileBundle } from './compile-bundle.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { sharedModules } from './shared-modules.ts';

export const MANIFEST_FILE = 'redsun.yaml';
/** More than anybody writes by hand. */
const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;

/** A bundle whose host parts are compiled and loaded. */
export interface Bundle {
  readonly folder: string;
  readonly manifest: Manifest;
  /** SHA-256 of the code that runs, hexadecimal; null: it is the app's own. */
  readonly codeHash: string | null;
  /** Whether any of its code says how a device is made safe. */
  readonly protects: boolean;
  /** The exported class at a manifest place. @throws RedsunError `plugin/no-export` */
  part(place: string): unknown;
}

export type ScannedBundle =
  | { readonly kind: 'loaded'; readonly bundle: Bundle }
  /** It is shown with the reason; the session goes on without it. */
  | { readonly kind: 'failed'; readonly folder: string; readonly error: RedsunError };

/** Loads every folder below `folders` that has a manifest. A folder that is not there is passed over. */
export async function scanBundles(folders: readonly string[]): Promise<ScannedBundle[]> {
  const scanned: ScannedBundle[] = [];
  for (const parent of folders) {
    const names = await readdir(parent, { withFileTypes: true }).catch(() => []);
    for (const entry of names) {
      if (!entry.isDirectory()) continue;
      const folder = join(parent, entry.name);
      try {
        scanned.push(await loadOne(folder, await readText(join(folder, MANIFEST_FILE), MOST_MANIFEST_BYTES)));
      } catch (error) {
        if (!codeOf(error).startsWith('file/')) continue;
        const { message } = asError(error);
        scanned.push({ kind: 'failed', folder, error: new RedsunError('plugin/manifest', message, { cause: error }) });
      }
    }
  }
  return scanned;
}

async function loadOne(folder: string, manifestText: string): Promise<ScannedBundle> {
  try {
    return { kind: 'loaded', bundle: await loadBundle(folder, manifestText) };
  } catch (cause) {
    const error =
      cause instanceof RedsunError
        ? cause
        : new RedsunError('plugin/load', `The bundle in ${folder} could not be loaded: ${String(cause)}`, { cause });
    return { kind: 'failed', folder, error };
  }
}

/** @throws RedsunError `plugin/manifest` with every mistake, or what compiling and running its modules throws. */
export async function loadBundle(folder: string, manifestText: string): Promise<Bundle> {
  const manifest = readManifest(folder, manifestText);
  const places = [manifest.devices, manifest.presenters, manifest.writers, manifest.plans].flatMap((parts) =>
    Object.values(parts),
  );
  const modules = [...new Set(places.map((place) => place.slice(0, place.lastIndexOf(':'))))];
  const code = await compileBundle({
    folder,
    modules,
    target: { kind: 'host', mayUseFiles: manifest.permissions.includes('files') },
  });
  const namespaces = run(code, `redsun-bundle-${manifest.name}.cjs`);
  return {
    folder,
    manifest,
    codeHash: createHash('sha256').update(withoutMap(code)).digest('hex'),
    protects: /\.\s*protect\s*\(/.test(code),
    part(place) {
      const at = place.lastIndexOf(':');
      const namespace = namespaces[`m${modules.indexOf(place.slice(0, at))}`] as Record<string, unknown> | undefined;
      const found = namespace?.[place.slice(at + 1)];
      if (found === undefined) {
        throw new RedsunError(
          'plugin/no-export',
          `${manifest.name}: ${place.slice(0, at)} exports no "${place.slice(at + 1)}"`,
        );
      }
      return found;
    },
  };
}

/** Where the sources lie says nothing of what runs. */
function withoutMap(code: string): string {
  return code.replace(/^\/\/# sourceMappingURL=.*$/m, '');
}

function readManifest(folder: string, text: string): Manifest {
  const yaml = new YamlFile(join(folder, MANIFEST_FILE), text);
  const parsed = manifestSchema.safeParse(yaml.value ?? {});
  if (!parsed.success) yaml.addIssues(parsed.error.issues, () => ({ properties: manifestSchema.shape as never }));
  const problems: readonly FileProblem[] = yaml.problems;
  if (!parsed.success || problems.length > 0) {
    throw new RedsunError('plugin/manifest', problems.map(formatProblem).join('\n'));
  }
  return parsed.data;
}

/** What compiling lets through for a bundle that asks for files. */
const FILE_MODULES = { 'node:fs/promises': filesPromises, 'node:path': nodePath, 'node:url': nodeUrl } as const;

function run(code: string, filename: string): Record<string, unknown> {
  const module = { exports: {} as Record<string, unknown> };
  const require = (name: string): unknown => {
    if (name in FILE_MODULES) return FILE_MODULES[name as keyof typeof FILE_MODULES];
    if (name in sharedModules) return sharedModules[name as keyof typeof sharedModules];
    throw new RedsunError('plugin/forbidden-import', `A bundle asked for "${name}" while running`);
  };
  compileFunction(code, ['module', 'exports', 'require'], { filename })(module, module.exports, require);
  return module.exports;
}

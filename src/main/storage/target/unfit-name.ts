import { posix, win32 } from 'node:path';
import { longName } from './path-length.ts';
import { FORBIDDEN, isReservedName } from './safe-name.ts';

/**
 * What is wrong with a name in an absolute path, in words; null: nothing. Windows takes some names for devices, and others for names that
 * are a little different: what is written there is somewhere else, or nowhere.
 * @param platform - whose names they are
 */
export function unfitName(path: string, platform: NodeJS.Platform = process.platform): string | null {
  const isWindows = platform === 'win32';
  const { parse: parsed } = isWindows ? win32 : posix;
  const names = path.slice(parsed(path).root.length).split(isWindows ? /[\\/]/ : '/');
  for (const name of names) {
    const problem = (isWindows ? unfitOnWindows(name) : null) ?? longName(name, platform);
    if (problem !== null) return problem;
  }
  return null;
}

function unfitOnWindows(name: string): string | null {
  if (isReservedName(name)) return `"${name}" is the name of a device on Windows`;
  const [found] = FORBIDDEN.exec(name) ?? [];
  if (found !== undefined) return `"${name}" has ${JSON.stringify(found)} in it, which no name on Windows may have`;
  if (/[. ]$/.test(name)) return `"${name}" ends with a dot or a blank, which Windows drops`;
  return null;
}

/** `C:\runs` for `\\?\C:\runs`, of which nothing tells whether its disk is there. Elsewhere than on Windows as it is. */
export function plainPath(path: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'win32') return path;
  return path.replace(/^[\\/]{2}\?[\\/]UNC[\\/]/i, '\\\\').replace(/^[\\/]{2}\?[\\/](?=[a-z]:)/i, '');
}

import { readdir, stat } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';

// A disk or a network folder that is not mounted leaves an empty folder, or none, on the system's own disk. Whoever makes what is missing of a
// path there fills the wrong disk, and the data are hidden as soon as the right one is back.

/** A folder below which disks are put, each under a name of its own. */
export interface MountParent {
  readonly path: string;
  /** How deep below it a disk may lie: `/media/DISK`, `/media/USER/DISK`. */
  readonly depth: 1 | 2;
  /** False: in the memory of the computer; true: a disk may be put there itself, as some do with `/mnt`. */
  readonly mayBeDisk: boolean;
}

const MOUNT_PARENTS: Partial<Record<NodeJS.Platform, readonly MountParent[]>> = {
  linux: [
    { path: '/mnt', depth: 1, mayBeDisk: true },
    { path: '/media', depth: 2, mayBeDisk: true },
    { path: '/run/media', depth: 2, mayBeDisk: false },
  ],
  darwin: [{ path: '/Volumes', depth: 1, mayBeDisk: false }],
};

export function mountParents(platform: NodeJS.Platform = process.platform): readonly MountParent[] {
  return MOUNT_PARENTS[platform] ?? [];
}

/**
 * Where a disk should be that `dir` is to lie on, when nothing is mounted there; null: all is well, or nobody can tell. A folder that somebody
 * made there on purpose, with something in it, is taken for what it is.
 */
export async function missingDisk(
  dir: string,
  parents: readonly MountParent[] = mountParents(),
): Promise<string | null> {
  const path = resolve(dir);
  const { root } = parse(path);
  // A drive letter, or a share of a server, that is not there.
  if (root !== sep && (await deviceOf(root)) === null) return root;
  for (const parent of parents) {
    const names = relative(parent.path, path).split(sep);
    if (names[0] === '..' || names[0] === '' || !path.startsWith(`${parent.path}${sep}`)) continue;
    const below = await deviceOf(parent.path);
    if (parent.mayBeDisk && below !== null && below !== (await deviceOf(root))) return null;
    const places = names.slice(0, parent.depth).map((_, at) => join(parent.path, ...names.slice(0, at + 1)));
    for (const place of places) {
      const device = await deviceOf(place);
      if (device !== null && device !== below) return null;
    }
    return (await isMadeOnPurpose(path, places)) ? null : (places[0] as string);
  }
  return null;
}

/** The folder that the disk is mounted at on which `path`, or the nearest folder above it that exists, lies. */
export async function mountPointOf(path: string): Promise<string> {
  let at = resolve(path);
  while ((await deviceOf(at)) === null && dirname(at) !== at) at = dirname(at);
  const device = await deviceOf(at);
  while (dirname(at) !== at && (await deviceOf(dirname(at))) === device) at = dirname(at);
  return at;
}

/** What is there already goes deeper than where a disk would be mounted, or is not empty. */
async function isMadeOnPurpose(path: string, places: readonly string[]): Promise<boolean> {
  let nearest = path;
  while ((await deviceOf(nearest)) === null) nearest = dirname(nearest);
  const deepest = places.at(-1) as string;
  if (nearest.startsWith(`${deepest}${sep}`)) return true;
  if (!places.includes(nearest)) return false;
  const names = await readdir(nearest).catch(() => []);
  // The folder of a user below /media is no disk, whatever else is in it.
  return nearest === deepest ? names.length > 0 : nearest === path && names.length > 0;
}

async function deviceOf(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => (found.isDirectory() ? found.dev : null),
    () => null,
  );
}

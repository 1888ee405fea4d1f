/** What is too long for an operating system, or may be. */
export interface LongPath {
  /** `error`: files cannot be made there; `advice`: not every program finds them. */
  readonly severity: 'error' | 'advice';
  readonly message: string;
}

interface Limits {
  /** How the system counts: bytes of UTF-8, or characters of UTF-16. */
  readonly unit: 'bytes' | 'characters';
  readonly name: number;
  /** As it is known to people: with the zero at the end, for which one is taken off. */
  readonly path: number;
}

const POSIX: Limits = { unit: 'bytes', name: 255, path: 4096 };
const LIMITS: Partial<Record<NodeJS.Platform, Limits>> = {
  win32: { unit: 'characters', name: 255, path: 260 },
  darwin: { unit: 'bytes', name: 255, path: 1024 },
};

/**
 * What is wrong with the length of the paths that a run will make; null: nothing. @param runFolder - absolute. @param files - below it,
 * with `/`. @param platform - whose limits count.
 */
export function longPath(runFolder: string, files: readonly string[], platform: NodeJS.Platform): LongPath | null {
  const limits = LIMITS[platform] ?? POSIX;
  const { unit, path: mostOfPath } = limits;
  const lengthOf = (text: string) => lengthIn(text, limits);
  const longestOf = (texts: readonly string[]) =>
    texts.reduce((longest, text) => (lengthOf(text) > lengthOf(longest) ? text : longest), '');
  const file = longestOf(files);
  const name = longestOf([runFolder, ...files].flatMap((path) => path.split(/[/\\]/)));
  const problem = longName(name, platform);
  if (problem !== null) return { severity: 'error', message: problem };
  const length = lengthOf(runFolder) + 1 + lengthOf(file);
  if (length < mostOfPath) return null;
  const about = `${file} in the run folder: the longest path that this run will make has ${length} ${unit}`;
  const shorter = 'Choose a shorter folder for runs (storage.base_path)';
  if (platform !== 'win32') {
    return {
      severity: 'error',
      message: `${about}, and ${mostOfPath - 1} is the most that a path may have. ${shorter}`,
    };
  }
  // Node asks Windows for each file in a way that knows no such limit; others do not.
  const message = `${about}. The limit on Windows is ${mostOfPath} unless long paths are enabled: other programs may not find such files. ${shorter}, or enable long paths`;
  return { severity: 'advice', message };
}

/** What is wrong with the length of one name, in words; null: nothing. @param platform - whose limits count. */
export function longName(name: string, platform: NodeJS.Platform): string | null {
  const limits = LIMITS[platform] ?? POSIX;
  const length = lengthIn(name, limits);
  if (length <= limits.name) return null;
  return `${name}: this name has ${length} ${limits.unit}, and ${limits.name} is the most that a name may have`;
}

function lengthIn(text: string, { unit }: Limits): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : text.length;
}

import { realpath, stat } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import { RedsunError } from '../../../sdk/util/index.ts';

/** Folders that may be looked into; `anywhere` for somebody who has this computer's own rights anyway. */
export type AllowedFolders = readonly string[] | 'anywhere';

/**
 * Which folders somebody who asks from elsewhere may have opened. Paths are looked at as words first: for one that is outside nothing on the disk is
 * touched, so that not even its being there is told, and no other computer is asked for it.
 */
export class Roots {
  readonly #folders: AllowedFolders;

  constructor(folders: AllowedFolders) {
    this.#folders = folders === 'anywhere' ? folders : folders.map((folder) => resolve(folder));
  }

  /**
   * The folder at `path`, and where links in it lead: what lies there may be read.
   * @throws RedsunError `review/outside`, `store/not-found`, `store/not-a-store` when it is a file.
   */
  async open(path: string): Promise<{ readonly path: string; readonly real: string }> {
    const wanted = resolve(path);
    const real = await this.#real(path, wanted);
    const found = await stat(real).catch((cause: unknown) => {
      throw new RedsunError('store/not-found', `There is nothing at ${path}`, { cause });
    });
    if (found.isDirectory()) return { path: wanted, real };
    throw new RedsunError('store/not-a-store', `${path} is a file; a Zarr store is a folder`);
  }

  /** Whether a file or folder that is there may be read. */
  async allows(path: string): Promise<boolean> {
    return this.#real(path, resolve(path)).then(
      () => true,
      () => false,
    );
  }

  async #real(path: string, wanted: string): Promise<string> {
    if (this.#folders === 'anywhere') return realpath(wanted).catch(() => wanted);
    const roots = await Promise.all(this.#folders.map((folder) => realpath(folder).catch(() => folder)));
    const named = [...this.#folders, ...roots];
    if (!named.some((root) => isBelow(root, wanted))) throw this.#outside(path);
    const real = await nearestReal(wanted);
    if (!roots.some((root) => isBelow(root, real))) throw this.#outside(path);
    return real;
  }

  #outside(path: string): RedsunError {
    const folders = this.#folders === 'anywhere' ? '' : this.#folders.join(', ');
    const way = 'Name its folder under "review: {folders: [...]}" in the session, or open it on the computer itself';
    return new RedsunError(
      'review/outside',
      `${path} lies outside of the folders that may be opened here (${folders}). ${way}`,
    );
  }
}

/** Windows does not tell capitals from small letters. */
export function isBelow(root: string, path: string, platform: NodeJS.Platform = process.platform): boolean {
  const same = (text: string) => (platform === 'win32' ? text.toLowerCase() : text);
  const [above, below] = [same(root), same(path)];
  return below === above || below.startsWith(above.endsWith(sep) ? above : above + sep);
}

/** Names that Windows takes for devices wherever they stand: opening one may reset what is connected there. */
export function namesDevice(path: string, platform: NodeJS.Platform = process.platform): boolean {
  if (platform !== 'win32') return false;
  return path.split(/[/\\]/).some((name) => /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)\s*([.:].*)?$/i.test(name));
}

/** Where `path` leads, as far as it goes: what is not there yet lies where it would be made. */
async function nearestReal(path: string): Promise<string> {
  const { root } = parse(path);
  for (let at = path; ; at = dirname(at)) {
    const real = await realpath(at).catch(() => null);
    if (real !== null) return join(real, relative(at, path));
    if (at === root) return path;
  }
}

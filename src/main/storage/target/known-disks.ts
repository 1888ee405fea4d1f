import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { asError, type Clock, hasCode } from '../../../sdk/util/index.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { readText } from '../files/regular-file.ts';
import { mountPointOf } from './missing-disk.ts';
import type { TargetProblem } from './preflight.ts';

const fileSchema = z.object({ schema_version: z.literal(1), folders: z.record(z.string(), z.string()) });

/**
 * Remembers, for each folder of runs on this computer, where its disk was mounted when it was used last. The number that the system gives a
 * disk changes with every start, and a mark on the disk would have to be written and kept; the place where it is mounted does not change.
 */
export class KnownDisks {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #onFault: (message: string) => void;

  /** @param stateFolder - of this computer, on its own disk. @param onFault - hears what cannot be read or written. */
  constructor(stateFolder: string, clock: Clock, onFault: (message: string) => void) {
    this.#path = join(stateFolder, 'disks.json');
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** Why no run may go to `folder`: it lay on a disk that is not there now. */
  async check(folder: string): Promise<TargetProblem | null> {
    const path = resolve(folder);
    const known = (await this.#read())[path];
    if (known === undefined) return null;
    const now = await mountPointOf(path);
    const isAbove = known !== now && known.startsWith(now.endsWith(sep) ? now : now + sep);
    if (!isAbove) return null;
    const what = `the disk that was at ${known} when it was used last is not there, and the path leads to the disk at ${now}`;
    const way = `Mount it. If runs are to go there from now on, take ${path} out of ${this.#path}`;
    return { code: 'target/no-disk', message: `${path}: ${what}. ${way}` };
  }

  /** Runs go to `folder` now. Never rejects. */
  async remember(folder: string): Promise<void> {
    try {
      const path = resolve(folder);
      const [folders, mount] = [await this.#read(), await mountPointOf(path)];
      // What lies on the system's own disk cannot be missing.
      if (folders[path] === mount || (folders[path] === undefined && dirname(mount) === mount)) return;
      await mkdir(dirname(this.#path), { recursive: true });
      const content = { schema_version: 1, folders: { ...folders, [path]: mount } };
      await writeFileAtomic(this.#path, `${JSON.stringify(content, null, 2)}\n`, this.#clock);
    } catch (thrown) {
      this.#onFault(
        `${this.#path}: where the disk of ${folder} is mounted is not remembered: ${asError(thrown).message}`,
      );
    }
  }

  async #read(): Promise<Readonly<Record<string, string>>> {
    try {
      return fileSchema.parse(JSON.parse(await readText(this.#path))).folders;
    } catch (thrown) {
      if (!hasCode(thrown, 'ENOENT') && !hasCode(thrown, 'ENOTDIR')) {
        this.#onFault(
          `${this.#path} cannot be read, so a disk that is missing is not noticed: ${asError(thrown).message}`,
        );
      }
      return {};
    }
  }
}

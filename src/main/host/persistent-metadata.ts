import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Metadata } from 'redsun/sdk/engine';
import { asError, type Clock, hasCode } from 'redsun/sdk/util';
import { z } from 'zod';
import { writeFileAtomic } from '../storage/files/atomic-file.ts';
import { readText } from '../storage/files/regular-file.ts';
import { sessionDir } from '../storage/run/run-folder.ts';

const schema = z.record(z.string(), z.unknown());

interface Ingredients {
  readonly baseDir: string;
  readonly session: string;
  readonly clock: Clock;
  /** Hears what cannot be read or written. */
  readonly onFault: (message: string) => void;
}

/** Metadata of the engine that outlives the program, above all the number of the last scan: no two runs of a session have the same. */
export class PersistentMetadata {
  /** What the engine counts and keeps in. */
  readonly md: Metadata;
  readonly #path: string;
  readonly #own: ReadonlySet<string>;
  readonly #ingredients: Ingredients;
  #saving: Promise<void> | null = null;
  #changed = false;

  private constructor(path: string, kept: Metadata, given: Metadata, ingredients: Ingredients) {
    this.#path = path;
    this.md = { ...kept, ...given };
    this.#own = new Set(Object.keys(given));
    this.#ingredients = ingredients;
  }

  /** Reads what was kept. @param given - of the session file: it counts before what was kept, and is not kept. */
  static async open(given: Metadata, ingredients: Ingredients): Promise<PersistentMetadata> {
    const path = join(sessionDir(ingredients.baseDir, ingredients.session), '.redsun', 'metadata.json');
    let kept: Metadata = {};
    try {
      kept = schema.parse(JSON.parse(await readText(path)));
    } catch (thrown) {
      if (!hasCode(thrown, 'ENOENT')) {
        ingredients.onFault(`${path} cannot be read, so scans are counted from 1 again: ${asError(thrown).message}`);
      }
    }
    return new PersistentMetadata(path, kept, given, ingredients);
  }

  /** Writes soon; writes that come meanwhile become one. */
  save(): void {
    this.#changed = true;
    this.#saving ??= this.#write().finally(() => {
      this.#saving = null;
    });
  }

  /** Resolves when all is written. */
  async flush(): Promise<void> {
    while (this.#saving) await this.#saving;
  }

  async #write(): Promise<void> {
    while (this.#changed) {
      this.#changed = false;
      const kept = Object.fromEntries(Object.entries(this.md).filter(([key]) => !this.#own.has(key)));
      try {
        await mkdir(dirname(this.#path), { recursive: true });
        await writeFileAtomic(this.#path, `${JSON.stringify(kept, null, 1)}\n`, this.#ingredients.clock);
      } catch (thrown) {
        this.#ingredients.onFault(`${this.#path} cannot be written: ${asError(thrown).message}`);
      }
    }
  }
}

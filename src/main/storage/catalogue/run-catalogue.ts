import { join } from 'node:path';
import { asError, type Clock } from '../../../sdk/util/index.ts';
import { RUN_FILES, sessionDir } from '../run/run-folder.ts';
import { type CatalogueLine, readCatalogueFile, writeCatalogueFile } from './catalogue-file.ts';
import { runIdsBelow } from './run-folders.ts';
import { matchRuns, type RunQuery, type SearchableRun, searchable } from './run-query.ts';
import { fingerprintOf, type RunRecord, summariseRun } from './run-record.ts';

export interface CatalogueOptions {
  readonly baseDir: string;
  readonly session: string;
  readonly clock: Clock;
  /** Hears of a cache that cannot be read or written; runs are listed all the same. */
  readonly onFault?: (message: string) => void;
  /** Runs were changed by hand, and a look at all of them found out. */
  readonly onChanged?: () => void;
}

export interface RunPage {
  readonly runs: readonly RunRecord[];
  /** That the query matches, on all pages. */
  readonly matching: number;
  readonly total: number;
  /** Plans and samples that there are, for filters. */
  readonly plans: readonly string[];
  readonly samples: readonly string[];
}

interface Entry extends SearchableRun {
  readonly fingerprint: string;
}

const CONCURRENT_RUNS = 16;
/** Of the runs that have not ended, so many of the newest may be going on; the others ended with their program. */
const MAYBE_RUNNING = 5;

/**
 * The runs of a session. Their folders are the truth; what was read from them is kept in `<base>/<session>/.redsun/catalogue.jsonl`,
 * which can be deleted. Folders that were added or removed are noticed by the next search, changed ones by the look at all of them
 * that the first search and `refresh` start.
 */
export class RunCatalogue {
  readonly #root: string;
  readonly #path: string;
  readonly #options: CatalogueOptions;
  readonly #entries = new Map<string, Entry>();
  #sorted: readonly Entry[] | null = null;
  /** Runs that were said to have changed since they were read. */
  readonly #doubted = new Set<string>();
  /** Looks at the disk, one after the other. */
  #work: Promise<void>;
  #sweep: Promise<void> | null = null;
  #saving: Promise<void> | null = null;
  #unsaved = false;
  #loaded = false;
  readonly #closing = new AbortController();

  constructor(options: CatalogueOptions) {
    this.#options = options;
    this.#root = sessionDir(options.baseDir, options.session);
    this.#path = join(this.#root, '.redsun', 'catalogue.jsonl');
    this.#work = Promise.resolve();
  }

  /** Newest first, `limit` from `offset`. */
  async search(query: RunQuery = {}, { offset = 0, limit = 100 } = {}): Promise<RunPage> {
    await this.#look();
    const all = this.#runs();
    const found = matchRuns(all, query);
    const distinct = (values: Iterable<string>) => [...new Set(values)].sort();
    return {
      runs: found.slice(offset, offset + limit),
      matching: found.length,
      total: all.length,
      plans: distinct(all.map(({ run }) => run.plan)),
      samples: distinct(all.flatMap(({ run }) => run.sample ?? [])),
    };
  }

  /** The run of that id, or null. */
  async find(id: string): Promise<RunRecord | null> {
    await this.#look();
    return this.#entries.get(id)?.run ?? null;
  }

  /** A run that had ended has changed: the next search reads it again. */
  doubt(id: string): void {
    this.#doubted.add(id);
  }

  /** Looks at every run, and reads again those whose files are not what they were. */
  async refresh(): Promise<void> {
    await this.#look();
    await (this.#sweep ??= this.#lookAtAll().finally(() => {
      this.#sweep = null;
    }));
  }

  /** Ends what goes on, and keeps what was read. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work;
    await this.#sweep;
    await this.#saving;
    if (this.#unsaved) await this.#save();
  }

  #look(): Promise<void> {
    const done = this.#work.then(() => this.#lookAtFolders());
    this.#work = done.catch(() => {});
    return done;
  }

  /** Which runs there are; reads those that are new, and those that may be going on. */
  async #lookAtFolders(): Promise<void> {
    if (!this.#loaded) await this.#load();
    const ids = new Set(await runIdsBelow(this.#root));
    for (const id of this.#entries.keys()) if (!ids.has(id)) this.#forget(id);
    const added = [...ids].filter((id) => !this.#entries.has(id));
    const unfinished = this.#runs().filter(({ run }) => run.exitStatus === null);
    const doubted = [...this.#doubted].filter((id) => this.#entries.has(id));
    this.#doubted.clear();
    await this.#readChanged([...added, ...unfinished.slice(0, MAYBE_RUNNING).map(({ run }) => run.id), ...doubted]);
    this.#saveSoon();
  }

  async #load(): Promise<void> {
    const lines = await readCatalogueFile(this.#path).catch((error: unknown) => {
      this.#options.onFault?.(`${this.#path} cannot be read, so every run is: ${asError(error).message}`);
      return [];
    });
    for (const line of lines) this.#entries.set(line.run.id, this.#entryOf(line));
    this.#loaded = true;
    if (lines.length > 0) {
      // Behind the first answer, which does not wait for it.
      this.#sweep = this.#lookAtAll().finally(() => {
        this.#sweep = null;
      });
    }
  }

  async #lookAtAll(): Promise<void> {
    try {
      if (await this.#readChanged([...this.#entries.keys()])) this.#options.onChanged?.();
      this.#saveSoon();
    } catch (error) {
      this.#options.onFault?.(`${this.#root}: runs cannot be looked at: ${asError(error).message}`);
    }
  }

  /** Reads those whose fingerprint is another than it was. @returns whether there were any. */
  async #readChanged(ids: readonly string[]): Promise<boolean> {
    let changed = false;
    for (let at = 0; at < ids.length && !this.#closing.signal.aborted; at += CONCURRENT_RUNS) {
      const read = await Promise.all(ids.slice(at, at + CONCURRENT_RUNS).map((id) => this.#readIfChanged(id)));
      changed ||= read.includes(true);
    }
    return changed;
  }

  async #readIfChanged(id: string): Promise<boolean> {
    const path = join(this.#root, id);
    const fingerprint = await fingerprintOf(path);
    if (this.#entries.get(id)?.fingerprint === fingerprint) return false;
    if (fingerprint === null) this.#forget(id);
    else {
      this.#entries.set(id, { fingerprint, ...searchable(await summariseRun(path, id)) });
      this.#changed();
    }
    return true;
  }

  #forget(id: string): void {
    this.#entries.delete(id);
    this.#changed();
  }

  #changed(): void {
    this.#sorted = null;
    this.#unsaved = true;
  }

  #runs(): readonly Entry[] {
    this.#sorted ??= [...this.#entries.values()].sort(
      ({ run: a }, { run: b }) => b.startTime - a.startTime || (a.id < b.id ? 1 : -1),
    );
    return this.#sorted;
  }

  #saveSoon(): void {
    if (!this.#unsaved || this.#saving || this.#closing.signal.aborted) return;
    this.#saving = this.#save().finally(() => {
      this.#saving = null;
      this.#saveSoon();
    });
  }

  async #save(): Promise<void> {
    this.#unsaved = false;
    try {
      await writeCatalogueFile(this.#path, [...this.#entries.values()].map(lineOf), this.#options.clock);
    } catch (error) {
      this.#options.onFault?.(
        `${this.#path} cannot be written, so runs are read again next time: ${asError(error).message}`,
      );
    }
  }

  #entryOf({ fingerprint, run }: CatalogueLine): Entry {
    const { hasStore, ...kept } = run;
    const path = join(this.#root, run.id);
    const storePath = hasStore ? join(path, RUN_FILES.store) : null;
    return { fingerprint, ...searchable({ ...kept, path, storePath }) };
  }
}

function lineOf({ fingerprint, run }: Entry): CatalogueLine {
  const { path: _, storePath, ...kept } = run;
  return { fingerprint, run: { ...kept, hasStore: storePath !== null } };
}

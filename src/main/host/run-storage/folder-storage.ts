import { copyFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Writer } from 'redsun/sdk/storage';
import { type Clock, RedsunError } from 'redsun/sdk/util';
import type { StorageFormat } from '../../storage/layout/image-plan.ts';
import type { PlannedFrames } from '../../storage/layout/needed-room.ts';
import { DocumentsFile } from '../../storage/run/documents-file.ts';
import { linkFolder } from '../../storage/run/linked-folder.ts';
import { plannedFiles, RUN_FOLDER_FILES } from '../../storage/run/planned-files.ts';
import { createRunFolder, plannedRunFolder, type RunFolder, removeEmptyRun } from '../../storage/run/run-folder.ts';
import type { DiskGate } from '../../storage/target/disk-gate.ts';
import type { KnownDisks } from '../../storage/target/known-disks.ts';
import { type LongPath, longPath } from '../../storage/target/path-length.ts';
import { checkTarget, type TargetProblem } from '../../storage/target/preflight.ts';
import { writeFailed } from '../../storage/target/write-failed.ts';
import { NewestFramesWriter } from '../../storage/writer/newest-frames-writer.ts';
import type { ResumedStore } from '../../storage/writer/zarr-run.ts';
import type { ZarrWriter } from '../../storage/writer/zarr-writer.ts';
import { PreparedFrames } from './prepared-frames.ts';
import type { RunPlace, RunStorage, StorageCounts } from './run-storage.ts';

export interface FolderStorageOptions {
  readonly baseFolder: string;
  readonly session: string;
  /** Copied into each run's folder. */
  readonly sessionPath: string;
  readonly clock: Clock;
  /** Where disks of folders were before; null: nobody remembers. */
  readonly disks: KnownDisks | null;
}

/** A folder per run, with documents and the session file in it; what else is in it is the writer's business. */
abstract class FolderStorage implements RunStorage {
  abstract readonly writer: Writer;
  abstract readonly counts: StorageCounts;
  abstract readonly format: StorageFormat;
  readonly keeps = 'runs';
  readonly unkept = [];
  readonly #options: FolderStorageOptions;

  constructor(options: FolderStorageOptions) {
    this.#options = options;
  }

  async check(bytes: number, folder = this.#options.baseFolder): Promise<readonly TargetProblem[]> {
    const gone = await this.#options.disks?.check(folder);
    return gone ? [gone] : checkTarget(folder, bytes);
  }

  longPath(plan: string, frames: PlannedFrames, platform: NodeJS.Platform): LongPath | null {
    const { baseFolder, session, clock } = this.#options;
    const runFolder = plannedRunFolder({ baseDir: resolve(baseFolder), session, plan, clock });
    return longPath(runFolder, [...RUN_FOLDER_FILES, ...this.filesOf(frames)], platform);
  }

  async begin(plan: string, gate: DiskGate): Promise<RunPlace> {
    const { baseFolder, session, sessionPath, clock } = this.#options;
    const folder = await createRunFolder({ baseDir: baseFolder, session, plan, clock });
    try {
      await copyFile(sessionPath, folder.sessionPath);
      return await this.open(folder, gate);
    } catch (cause) {
      throw writeFailed(folder.path, cause);
    }
  }

  abstract goOnIn(chosen: string, place: RunPlace): Promise<string>;

  abstract resume(folder: RunFolder, store: ResumedStore, gate: DiskGate): Promise<RunPlace>;

  /** What the writer will make below the run folder, as far as that is known. */
  protected filesOf(_frames: PlannedFrames): readonly string[] {
    return [];
  }

  /** The writer's next store goes there. */
  protected abstract setTarget(folder: RunFolder, gate: DiskGate, resumed?: ResumedStore): void;

  protected async open(folder: RunFolder, gate: DiskGate, resumed?: ResumedStore): Promise<RunPlace> {
    const documents = await DocumentsFile.open(folder.documentsPath, gate);
    this.setTarget(folder, gate, resumed);
    const discard = () => (resumed ? Promise.resolve(false) : removeEmptyRun(folder));
    return { name: basename(folder.path), id: folder.id, folder: folder.path, documents, discard };
  }
}

/** OME-Zarr, the default. */
export class ZarrStorage extends FolderStorage {
  readonly writer: ZarrWriter;
  readonly #clock: Clock;

  constructor(writer: ZarrWriter, options: FolderStorageOptions) {
    super(options);
    this.writer = writer;
    this.#clock = options.clock;
  }

  get counts(): StorageCounts {
    return this.writer.counts;
  }

  get format(): StorageFormat {
    return this.writer.format;
  }

  async goOnIn(chosen: string, place: RunPlace): Promise<string> {
    const { path } = await linkFolder(chosen, place.folder, this.#clock);
    this.writer.goOnIn(path);
    return path;
  }

  resume(folder: RunFolder, store: ResumedStore, gate: DiskGate): Promise<RunPlace> {
    return this.open(folder, gate, store);
  }

  protected override filesOf(frames: PlannedFrames): readonly string[] {
    return frames.sources.length > 0 ? plannedFiles(frames) : [];
  }

  protected setTarget({ storeDir, journalPath, countsPath }: RunFolder, gate: DiskGate, resumed?: ResumedStore): void {
    this.writer.setTarget({ storeDir, journalPath, countsPath, gate, ...(resumed && { resumed }) });
  }
}

/** A writer of a bundle. What "durable" would be it does not say. */
export class BundleStorage extends FolderStorage {
  readonly writer: Writer;
  readonly format = { compression: 'none', levels: 1 } as const;
  readonly #frames: PreparedFrames;
  readonly #goTo: (folder: RunFolder) => void;

  /** @param goTo - told where the next store goes. */
  constructor(writer: Writer, goTo: (folder: RunFolder) => void, options: FolderStorageOptions) {
    super(options);
    this.writer = writer;
    this.#goTo = goTo;
    this.#frames = new PreparedFrames(writer);
  }

  get counts(): StorageCounts {
    return { acknowledged: this.#frames.acknowledged, durable: 0, slots: 0, freeSlots: 0, bytesWritten: null };
  }

  goOnIn(_chosen: string, { folder }: RunPlace): Promise<string> {
    const why = `only runs in OME-Zarr can go on elsewhere, and this session writes with ${this.writer.name}`;
    return Promise.reject(new RedsunError('target/no-links', `${folder}: ${why}`));
  }

  resume(folder: RunFolder): Promise<RunPlace> {
    const why = `only runs in OME-Zarr can go on, and this session writes with ${this.writer.name}`;
    return Promise.reject(new RedsunError('recover/not-resumable', `${folder.path}: ${why}`));
  }

  protected setTarget(folder: RunFolder): void {
    this.#frames.begin();
    this.#goTo(folder);
  }
}

/** Of a writer that could not be made: no run starts, and why is told like other faults of the target. */
export class BrokenStorage extends BundleStorage {
  readonly #problem: TargetProblem;

  /** @param message - what is wrong. */
  constructor(message: string, options: FolderStorageOptions) {
    super(new NewestFramesWriter('none', 0), () => {}, options);
    this.#problem = { code: 'target/unusable', message };
  }

  override async check(): Promise<readonly TargetProblem[]> {
    return [this.#problem];
  }
}

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asError, type Clock, codeOf } from '../../../sdk/util/index.ts';
import { readCounts } from '../run/counts-file.ts';
import { FileByteSource } from '../run/file-byte-source.ts';
import { imagePaths } from '../run/image-on-disk.ts';
import { type JournalLine, placeIn } from '../run/journal.ts';
import { isForeign } from '../run/journal-of-store.ts';
import { RUN_FILES } from '../run/run-folder.ts';
import { RESERVE_FILE } from '../run/run-reserve.ts';
import { lockSession, sessionHolder } from '../run/session-lock.ts';
import { cutTornLine, readLines } from '../run/torn-line.ts';
import { sessionOfRun } from './find-runs.ts';
import { KeptBytes } from './kept-bytes.ts';
import { recordDurable } from './record-durable.ts';
import { ProgressCount, type RecoveryProgress } from './recovery-progress.ts';
import type { ArrayFindings } from './repair-array.ts';
import { type DocumentFindings, repairDocuments } from './repair-documents.ts';
import { repairImage } from './repair-image.ts';
import { findJournal, repairJournal } from './repair-journal.ts';
import type { UnlistedFate } from './unlisted-frames.ts';

/**
 * `whole`: nothing was wrong. `repaired`: it is whole now, or would be. `damaged`: the disk lost frames that were acknowledged, or something
 * cannot be read. `running`: a program holds the session; nothing was touched.
 */
export const RECOVERY_STATES = ['whole', 'repaired', 'damaged', 'running'] as const;

/** What was found in a run folder, and done. */
export interface RecoveryReport {
  readonly path: string;
  readonly state: (typeof RECOVERY_STATES)[number];
  /** Frames that the journal acknowledges. */
  readonly acknowledged: number;
  /** Frames that the program knew to have reached the disk; null: it was not recorded. */
  readonly durable: number | null;
  /** Frames that can be read from the store. */
  readonly found: number;
  /** Frames that were being written, cut off. */
  readonly torn: number;
  /** Frames that the journal acknowledges and that the disk has lost. */
  readonly lost: number;
  readonly arrays: readonly Pick<ArrayFindings, 'path' | 'acknowledged' | 'found' | 'torn' | 'shape'>[];
  readonly runStartUids: readonly string[];
  /** What was repaired; with `writes: false`, what would be. */
  readonly repairs: readonly string[];
  readonly problems: readonly { readonly code: string; readonly message: string }[];
  /** Folder in the run folder with all bytes that were replaced, and how to put them back; null: none were. */
  readonly kept: string | null;
}

export interface RecoveryOptions {
  /** False: only looks. */
  readonly writes: boolean;
  readonly clock: Clock;
  /** `held`: by the program that asks, which must not be acquiring into this run. Else the session is locked meanwhile. */
  readonly lock?: 'take' | 'held';
  readonly signal?: AbortSignal;
  /** With each frame. */
  readonly onProgress?: (progress: RecoveryProgress) => void;
}

export const RECOVERY_REASON =
  'The program or the computer stopped during the run; its end was written by redsun recover';

/** Makes a run folder whole after a crash. Twice is the same as once. @throws RedsunError `session/locked` is reported as `running`. */
export async function recoverRun(path: string, options: RecoveryOptions): Promise<RecoveryReport> {
  const owner = sessionOfRun(path);
  if (!owner || options.lock === 'held') return new Recovery(path, options).run();
  const lockOptions = { ...owner, clock: options.clock };
  if (await sessionHolder(lockOptions)) return running(path);
  if (!options.writes) return new Recovery(path, options).run();
  const lock = await lockSession(lockOptions);
  try {
    return await new Recovery(path, options).run();
  } finally {
    await lock.release();
  }
}

class Recovery {
  readonly #path: string;
  readonly #options: RecoveryOptions;
  readonly #repairs: string[] = [];
  readonly #problems: { code: string; message: string }[] = [];
  readonly #kept: KeptBytes;

  constructor(path: string, options: RecoveryOptions) {
    this.#path = path;
    this.#options = options;
    this.#kept = new KeptBytes(path, options.clock);
  }

  async run(): Promise<RecoveryReport> {
    try {
      return { ...(await this.#run()), kept: this.#kept.folder };
    } catch (error) {
      // Not one of the run's own files: nothing was done to it, and other runs are none the worse.
      if (!codeOf(error).startsWith('file/')) throw error;
      const problems = [{ code: codeOf(error), message: asError(error).message }];
      return { ...NOTHING_FOUND, path: this.#path, state: 'damaged', problems, kept: this.#kept.folder };
    } finally {
      await this.#kept.close();
    }
  }

  async #run(): Promise<Omit<RecoveryReport, 'kept'>> {
    const found = await findJournal(this.#path);
    const { onDisk, lines: journal, told, malformed } = found;
    this.#repairs.push(...found.repairs);
    for (const line of malformed)
      this.#problem('store/bad-journal', `line ${line} of ${RUN_FILES.journal} is malformed`);
    const documentsPath = join(this.#path, RUN_FILES.documents);
    const lastFrameS = journal.reduce<number | null>((latest, { time }) => Math.max(latest ?? 0, time), null);
    const about = { reason: RECOVERY_REASON, lastFrameS, clock: this.#options.clock, kept: this.#kept };
    const documents = await repairDocuments(documentsPath, { ...about, writes: false });
    const durable = await this.#durable();
    const missing = (durable ?? 0) - told;
    // A run that came to its end synced all that it had.
    const isJournalLost = onDisk === null || missing > 0 || (journal.length === 0 && hasEnded(documents));
    const isDoubtful = journal.length === 0 || malformed.length > 0;
    const unlisted = isJournalLost ? 'keep' : isDoubtful ? 'keep-written' : 'cut';
    const arrays = await this.#arrays(journal, { unlisted, isJournalLost }, documents);
    const lost = arrays.flatMap((array) => array.lost);
    const { writes, clock } = this.#options;
    if (writes) await repairJournal(this.#path, found, lost, { clock, kept: this.#kept });
    this.#tellOfLostLines({ told, durable: durable ?? 0, announced: documents?.frames ?? 0, arrays, journal });
    // Where the disk has lost something, what it had said stays on record against it.
    const isGood = lost.length === 0 && this.#problems.length === 0;
    if (this.#options.writes && onDisk && isGood && documents && documents.unfinished.length > 0) {
      await this.#kept.part(join(this.#path, RUN_FILES.counts), Number.MAX_SAFE_INTEGER, 0);
      await recordDurable(this.#path, journal, this.#options);
    }
    // Last, so that a recovery that is itself cut short is begun anew.
    const said = await repairDocuments(documentsPath, { ...about, writes: this.#options.writes });
    this.#repairs.push(...(said?.repairs ?? []));
    for (const message of said?.problems ?? []) this.#problems.push({ code: 'store/bad-documents', message });
    if (journal.length > 0 && !said?.starts.length) {
      const what = `no start document is left in ${RUN_FILES.documents}: nothing tells what run this was`;
      this.#problem('store/no-documents', what);
    }
    const sum = (of: (array: ArrayFindings) => number) => arrays.reduce((total, array) => total + of(array), 0);
    return {
      path: this.#path,
      state: lost.length + this.#problems.length > 0 ? 'damaged' : this.#repairs.length > 0 ? 'repaired' : 'whole',
      acknowledged: sum(({ acknowledged }) => acknowledged),
      durable,
      found: sum(({ found }) => found),
      torn: sum(({ torn }) => torn),
      lost: lost.length,
      arrays: arrays.map(({ path, acknowledged, found, torn, shape }) => ({ path, acknowledged, found, torn, shape })),
      runStartUids: (said?.starts ?? []).map(({ uid }) => String(uid)),
      repairs: this.#repairs,
      problems: this.#problems,
    };
  }

  /** Frames that were synced, as far as the counts tell. */
  async #durable(): Promise<number | null> {
    const path = join(this.#path, RUN_FILES.counts);
    const counts = await readCounts(path);
    const onDisk = await readLines(path);
    if (onDisk && onDisk.tornBytes > 0 && this.#options.writes) {
      await this.#kept.part(path, onDisk.wholeBytes, onDisk.tornBytes);
      await cutTornLine(path, onDisk);
    }
    return counts?.durable ?? null;
  }

  #tellOfLostLines({ told, durable, announced, arrays, journal }: LostLines): void {
    const listed = new Set(journal.map(placeIn)).size;
    const gone = arrays.reduce((sum, { lost }) => sum + lost.length, 0);
    const unlisted = arrays.reduce((sum, { found }) => sum + found, 0) - (listed - gone);
    // Documents are not synced with each frame, and after a power cut one of the two may tell of more: that is no loss.
    const due = durable > told ? durable : told === 0 && unlisted > 0 ? announced : 0;
    if (due <= told) return;
    const what = `${due} frames were ${durable > told ? 'synced' : 'acknowledged'}, and ${RUN_FILES.journal} tells of ${told}`;
    if (unlisted > 0) {
      const lacking = 'what it said of them, such as positions, times and checksums, is gone';
      this.#problem('store/lost-lines', `${what}: ${unlisted} frames more are in the store and stay there; ${lacking}`);
    }
    if (told + unlisted < due) {
      this.#problem('store/lost-frame', `${what}: the disk has lost what it said it had`);
    }
  }

  async #arrays(
    journal: readonly JournalLine[],
    about: { readonly unlisted: UnlistedFate; readonly isJournalLost: boolean },
    documents: DocumentFindings | null,
  ): Promise<ArrayFindings[]> {
    const storeDir = join(this.#path, RUN_FILES.store);
    const groups = new Set(await imagePaths(storeDir));
    for (const group of new Set(journal.map(({ array }) => groupOf(array)))) {
      if (!(await isForeign(new FileByteSource(storeDir), group))) groups.add(group);
      else this.#problem('store/foreign-image', `${group || '/'}: another image lies where the run wrote its own`);
    }
    // A run that came to its end closed its store: reading every frame of it again would take hours for nothing.
    const readsPixels = !hasEnded(documents);
    const { writes, clock, signal } = this.#options;
    if (writes) await this.#removeTemporary(storeDir);
    if (writes) await rm(join(this.#path, RESERVE_FILE), { force: true });
    const count = new ProgressCount(journal.length, this.#options.onProgress);
    const findings: ArrayFindings[] = [];
    for (const group of [...groups].sort()) {
      const lines = journal.filter(({ array }) => groupOf(array) === group);
      try {
        const kept = this.#kept;
        const options = { ...about, readsPixels, writes, clock, kept, count, ...(signal && { signal }) };
        const found = await repairImage(storeDir, group, lines, options);
        if (found) findings.push(found);
        if (found) this.#tell(found);
        else if (lines[0]) this.#problem('store/no-metadata', `${lines[0].array}: zarr.json is missing`);
      } catch (error) {
        signal?.throwIfAborted();
        this.#problem(codeOf(error), `${group || '/'}: ${asError(error).message}`);
      }
    }
    return findings;
  }

  #tell({ path, lost, repairs, problems }: ArrayFindings): void {
    this.#repairs.push(...repairs);
    for (const { frame, index } of lost) {
      const place = `t ${index.t}, c ${index.c}, z ${index.z}`;
      this.#problem('store/lost-frame', `${path}: frame ${frame} (${place}) was acknowledged and is not there`);
    }
    for (const message of problems) this.#problem('store/not-repaired', message);
  }

  /** What a replacement of metadata that was cut short left behind. */
  async #removeTemporary(storeDir: string): Promise<void> {
    const names = await readdir(storeDir, { recursive: true }).catch(() => []);
    const left = names.filter((name) => name.endsWith('.tmp') || name.endsWith('.link'));
    for (const name of left) await this.#kept.takeAway(join(storeDir, name));
  }

  #problem(code: string, message: string): void {
    this.#problems.push({ code, message });
  }
}

function groupOf(arrayPath: string): string {
  return arrayPath.split('/').slice(0, -1).join('/');
}

function hasEnded(documents: DocumentFindings | null): boolean {
  return documents !== null && documents.starts.length > 0 && documents.unfinished.length === 0;
}

interface LostLines {
  /** Frames of which the journal tells, those put aside earlier included. */
  readonly told: number;
  readonly durable: number;
  /** Frames of which the documents tell. */
  readonly announced: number;
  readonly arrays: readonly ArrayFindings[];
  readonly journal: readonly JournalLine[];
}

const NOTHING_FOUND = {
  acknowledged: 0,
  durable: null,
  found: 0,
  torn: 0,
  lost: 0,
  arrays: [],
  runStartUids: [],
  repairs: [],
} as const;

function running(path: string): RecoveryReport {
  const message = `${path}: a program holds this session: end the run, or close the program, before recovering`;
  return { ...NOTHING_FOUND, path, state: 'running', problems: [{ code: 'session/locked', message }], kept: null };
}

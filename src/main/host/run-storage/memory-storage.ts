import type { Document, RunStart, RunStop } from 'redsun/sdk/events';
import { formatRunName, localDate } from 'redsun/sdk/storage';
import { type Clock, RedsunError } from 'redsun/sdk/util';
import { type RunRecord, summariseDocuments } from '../../storage/catalogue/run-record.ts';
import type { RunFolder } from '../../storage/run/run-folder.ts';
import type { TargetProblem } from '../../storage/target/preflight.ts';
import { NewestFramesWriter } from '../../storage/writer/newest-frames-writer.ts';
import { PreparedFrames } from './prepared-frames.ts';
import type { RunPlace, RunStorage, StorageCounts } from './run-storage.ts';

const MOST_LISTED = 200;

/** Dry runs: documents and frames go through the program as ever, and nothing is written to the disk. */
export class MemoryStorage implements RunStorage {
  readonly writer: NewestFramesWriter;
  readonly keeps = 'nothing';
  readonly format = { compression: 'none', levels: 1 } as const;
  readonly #clock: Clock;
  readonly #frames: PreparedFrames;
  #unkept: readonly RunRecord[] = [];
  #counter = 0;

  /** @param limitBytes - for the newest frames. */
  constructor(limitBytes: number, clock: Clock) {
    this.writer = new NewestFramesWriter('memory', limitBytes);
    this.#frames = new PreparedFrames(this.writer);
    this.#clock = clock;
  }

  get counts(): StorageCounts {
    return { acknowledged: this.#frames.acknowledged, durable: 0, slots: 0, freeSlots: 0, bytesWritten: 0 };
  }

  get unkept(): readonly RunRecord[] {
    return this.#unkept;
  }

  async check(): Promise<readonly TargetProblem[]> {
    return [];
  }

  longPath(): null {
    return null;
  }

  async begin(plan: string): Promise<RunPlace> {
    const counter = ++this.#counter;
    const name = formatRunName({ plan, counter });
    const id = `${localDate(this.#clock.now())}/${name}`;
    this.#frames.begin();
    let start: RunStart | null = null;
    let stop: RunStop | null = null;
    const write = (kind: string, doc: Document) => {
      if (kind === 'start') start ??= doc as RunStart;
      if (kind === 'stop') stop = doc as RunStop;
    };
    const startedAt = this.#clock.now();
    const close = async () => {
      if (start === null) return;
      const frames = this.#frames.acknowledged;
      const run = { ...summariseDocuments({ start, stop, plan, startedAt }), id, path: '', counter, frames };
      this.#unkept = [{ ...run, durable: null, bytes: 0, storePath: null }, ...this.#unkept].slice(0, MOST_LISTED);
    };
    return { name, id, folder: '', documents: { name, write, flush: () => {}, close }, discard: async () => true };
  }

  goOnIn(): Promise<string> {
    return Promise.reject(new RedsunError('target/no-links', 'this session keeps no runs (storage.writer is memory)'));
  }

  resume(folder: RunFolder): Promise<RunPlace> {
    const why = 'this session keeps no runs (storage.writer is memory)';
    return Promise.reject(new RedsunError('recover/not-resumable', `${folder.path}: ${why}`));
  }
}

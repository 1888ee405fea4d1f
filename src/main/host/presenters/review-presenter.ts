import { randomUUID } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import type { PDevice } from 'redsun/sdk/device';
import { type CallContext, type Client, type PPresenter, type ServedChannel, serveChannel } from 'redsun/sdk/presenter';
import { RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import {
  type Recovering,
  type Recovery,
  type RunPage,
  type RunSearch,
  type RunSummary,
  reviewChannel,
} from '../../../shared/channels/review.ts';
import { RunCatalogue } from '../../storage/catalogue/run-catalogue.ts';
import { matchRuns, searchable } from '../../storage/catalogue/run-query.ts';
import type { RunRecord } from '../../storage/catalogue/run-record.ts';
import { RECOVERY_REASON } from '../../storage/recover/recover-run.ts';
import { FileByteSource } from '../../storage/run/file-byte-source.ts';
import { journalOfStore, runFolderOf } from '../../storage/run/journal-of-store.ts';
import { RUN_FILES } from '../../storage/run/run-folder.ts';
import type { Roots } from '../../storage/target/roots.ts';
import type { DocumentSink } from '../documents/document-sink.ts';
import type { HostServices } from '../services.ts';

interface OpenedStore {
  /** Whose it is. */
  readonly client: Client;
  readonly source: FileByteSource;
  /** Disposing of it closes the store. */
  readonly kept: Disposable;
}

/** What it is made of. */
export type ReviewServices = Pick<
  HostServices,
  'baseFolder' | 'clock' | 'loggerFor' | 'recovery' | 'roots' | 'roster' | 'session' | 'storage'
>;

/** Saved runs and foreign stores, as bytes; the window decodes. */
export class ReviewPresenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel: ServedChannel;
  readonly runsChanged = new Signal<[{ newest: string | null }]>();
  readonly recovering = new Signal<[Recovering | null]>();
  readonly #host: ReviewServices;
  readonly #catalogue: RunCatalogue;
  readonly #runGoing: () => string | null;
  /** By handles that only those know who opened them. */
  readonly #opened = new Map<string, OpenedStore>();

  /** @param runGoing - id of the run that is going. */
  constructor(name: string, host: ReviewServices, runGoing: () => string | null) {
    this.name = name;
    this.#host = host;
    this.#runGoing = runGoing;
    this.devices = host.roster.devices;
    this.#catalogue = new RunCatalogue({
      baseDir: host.baseFolder,
      session: host.session.file.session,
      clock: host.clock,
      onFault: (message) => host.loggerFor(name).warning(message),
      onChanged: () => this.runsChanged.emit({ newest: null }),
    });
    this.channel = serveChannel(reviewChannel, {
      calls: {
        search: async (request) => this.#search(request),
        openRun: async ({ id }, context) => {
          if (this.#host.storage.unkept.some((run) => run.id === id)) {
            throw new RedsunError('review/not-kept', `${basename(id)} was a dry run: nothing of it was kept`);
          }
          const record = await this.#find(id);
          if (!record.storePath && record.frames > 0) {
            const why = 'was saved by another writer; only OME-Zarr can be shown here';
            throw new RedsunError('review/other-format', `${basename(record.path)} ${why}. It lies in ${record.path}`);
          }
          if (!record.storePath) throw new RedsunError('review/no-store', `Run ${id} saved no images`);
          return this.#open(record.storePath, basename(record.path), context);
        },
        recover: async ({ id }, { signal }) => this.#recover(await this.#find(id), signal),
        openPath: async ({ path }, context) => this.#open(path, basename(resolve(path)), context),
        read: async ({ storeId, key, range }, { client, signal }) => ({
          bytes: await this.#require(storeId, client).source.read(key, range, signal),
        }),
        list: async ({ storeId, prefix }, { client }) => this.#require(storeId, client).source.list(prefix),
        journal: async ({ storeId }, { client, signal }) =>
          linesOf(this.#require(storeId, client).source, this.#host.roots, signal),
        close: async ({ storeId }, { client }) => this.#require(storeId, client).kept[Symbol.dispose](),
      },
      events: { runsChanged: this.runsChanged, recovering: this.recovering },
      streams: {},
    });
    this.runsChanged.emit({ newest: null });
  }

  /** A run that begins is in the list at once. */
  readonly catalogue: DocumentSink = {
    name: 'catalogue',
    write: (name) => {
      if (name === 'start') this.runsChanged.emit({ newest: null });
    },
    flush: () => {},
  };

  /** A run has ended: one of today, or an older one that was gone on with. */
  runEnded(id: string): void {
    this.#catalogue.doubt(id);
    this.runsChanged.emit({ newest: id });
  }

  shutdown(): Promise<void> {
    return this.#catalogue.close();
  }

  async #find(id: string): Promise<RunRecord> {
    const record = await this.#catalogue.find(id);
    if (!record) throw new RedsunError('review/unknown-run', `No run "${id}" in this session's folder`);
    return record;
  }

  async #recover({ id, path }: RunRecord, signal: AbortSignal): Promise<Recovery> {
    const { recovery } = this.#host;
    const going = recovery.recover(path, signal, (progress) => this.recovering.emit({ id, ...progress }));
    this.runsChanged.emit({ newest: null });
    try {
      return await going;
    } finally {
      // What was refused because of another says nothing of that one.
      if (recovery.path === null) this.recovering.emit(null);
      this.#catalogue.doubt(id);
      this.runsChanged.emit({ newest: null });
    }
  }

  async #search({ offset, limit, refresh, ...query }: RunSearch): Promise<RunPage> {
    const going = this.#runGoing();
    if (going !== null) this.#catalogue.doubt(going);
    if (refresh) await this.#catalogue.refresh();
    const dry = this.#host.storage.unkept;
    // Dry runs are newer than all that was on the disk before: a session that keeps nothing makes no others.
    const matching = matchRuns(dry.map(searchable), query);
    const shown = matching.slice(offset, offset + limit);
    const page = await this.#catalogue.search(query, {
      offset: Math.max(0, offset - matching.length),
      limit: limit - shown.length,
    });
    return {
      ...page,
      runs: [
        ...shown.map((run) => summaryOf(run, { running: false, interruption: null, kept: false })),
        ...page.runs.map((run) => {
          const running = run.id === going;
          return summaryOf(run, { running, interruption: running ? null : this.#interruptionOf(run), kept: true });
        }),
      ],
      matching: page.matching + matching.length,
      total: page.total + dry.length,
      plans: distinct([...page.plans, ...dry.map(({ plan }) => plan)]),
      samples: distinct([...page.samples, ...dry.flatMap(({ sample }) => sample ?? [])]),
    };
  }

  #interruptionOf({ path, exitStatus, reason }: RunRecord): RunSummary['interruption'] {
    if (path === this.#host.recovery.path) return 'repairing';
    if (exitStatus === null) return 'unrepaired';
    return reason === RECOVERY_REASON ? 'repaired' : null;
  }

  async #open(path: string, name: string, { client, resources }: CallContext) {
    const opened = await this.#host.roots.open(path);
    const storeId = randomUUID();
    const kept = resources.defer(() => void this.#opened.delete(storeId));
    this.#opened.set(storeId, { client, source: new FileByteSource(opened.real), kept });
    return { storeId, name, path: opened.path };
  }

  /** One client's store is none of another's. */
  #require(storeId: string, client: Client): OpenedStore {
    const opened = this.#opened.get(storeId);
    if (opened?.client !== client) throw new RedsunError('review/not-open', 'The store is not open any more');
    return opened;
  }
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

function summaryOf(
  run: RunRecord,
  { running, interruption, kept }: Pick<RunSummary, 'running' | 'interruption' | 'kept'>,
): RunSummary {
  return {
    id: run.id,
    name: basename(run.id),
    plan: run.plan,
    startedAt: run.startTime,
    elapsedS: run.stopTime === null ? null : run.stopTime - run.startTime,
    exitStatus: run.exitStatus,
    running,
    interruption,
    kept,
    reason: run.reason,
    frames: run.frames,
    points:
      run.takenPoints === null || run.numPoints === null ? null : { taken: run.takenPoints, planned: run.numPoints },
    durable: run.durable,
    bytes: kept ? run.bytes : null,
    sample: run.sample,
  };
}

/** Lines of the journal of the run whose store it is; a journal that cannot be read says nothing. */
async function linesOf(source: FileByteSource, roots: Roots, signal: AbortSignal): Promise<Record<string, unknown>[]> {
  const run = await runFolderOf(source.root);
  if (run === null || !(await roots.allows(join(run, RUN_FILES.journal)))) return [];
  const journal = await journalOfStore(source, signal).catch(() => null);
  signal.throwIfAborted();
  return (journal?.lines ?? []).map((line) => ({ ...line }));
}

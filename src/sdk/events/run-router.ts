import { ValueError } from '../util/errors.ts';
import { DocumentRouter } from './document-router.ts';
import type { DocumentCallback, DocumentName, DocumentTypes } from './documents.ts';
import { UnresolvableForeignKeyError } from './errors.ts';

/** Makes the callbacks of one stream. They hear its run's start, the descriptor, and what belongs to the stream or to the whole run. */
export type SubFactory = (descriptor: DocumentTypes['descriptor']) => readonly DocumentCallback[];

/** Who hears of one run. */
export interface RunCallbacks {
  /** Hear of the start and of all that follows. Default: nobody. */
  readonly callbacks?: readonly DocumentCallback[];
  /** Asked at each descriptor. Default: nobody. */
  readonly subFactories?: readonly SubFactory[];
}

/** Makes the callbacks of one run. */
export type RunFactory = (start: DocumentTypes['start']) => RunCallbacks;

interface Run {
  readonly start: DocumentTypes['start'];
  readonly callbacks: readonly DocumentCallback[];
  readonly subFactories: readonly SubFactory[];
  /** Made by sub-factories, by descriptor. */
  readonly streams: Map<string, readonly DocumentCallback[]>;
  readonly resources: Set<string>;
}

const KEPT_RESOURCES = 10_000;

/** Sends the documents of several runs, which may come mixed, to callbacks made for each of them. Events come as pages. */
export class RunRouter extends DocumentRouter {
  readonly #factories: readonly RunFactory[];
  readonly #runs = new Map<string, Run>();
  /** Resources that do not name their run: everybody hears of them. */
  readonly #unlabelled = new Set<string>();

  /** @param factories - asked at each start. */
  constructor(factories: readonly RunFactory[]) {
    super();
    this.#factories = factories;
  }

  /** @throws ValueError for a start that came before. */
  override start(doc: DocumentTypes['start']): void {
    const known = this.#runs.get(doc.uid);
    if (known) {
      const same = JSON.stringify(known.start) === JSON.stringify(doc);
      throw new ValueError(
        same
          ? `RunRouter received the same 'start' document twice: ${doc.uid}`
          : `RunRouter received two 'start' documents with different contents but the same uid: ${doc.uid}`,
      );
    }
    const made = this.#factories.map((factory) => {
      const { callbacks = [], subFactories = [] } = factory(doc);
      tell(callbacks, 'start', doc);
      return { callbacks, subFactories };
    });
    this.#runs.set(doc.uid, {
      start: doc,
      callbacks: made.flatMap(({ callbacks }) => callbacks),
      subFactories: made.flatMap(({ subFactories }) => subFactories),
      streams: new Map(),
      resources: new Set(),
    });
  }

  /** @throws UnresolvableForeignKeyError for a descriptor of a run that has not begun. */
  override descriptor(doc: DocumentTypes['descriptor']): void {
    const run = this.#runOf(doc.run_start, 'Descriptor');
    tell(run.callbacks, 'descriptor', doc);
    const made: DocumentCallback[] = [];
    run.streams.set(doc.uid, made);
    for (const subFactory of run.subFactories) {
      const callbacks = subFactory(doc);
      made.push(...callbacks);
      for (const callback of callbacks) {
        callback('start', run.start);
        callback('descriptor', doc);
      }
    }
  }

  /** @throws UnresolvableForeignKeyError for events of a stream that has not begun. */
  override eventPage(doc: DocumentTypes['event_page']): void {
    const run = [...this.#runs.values()].find(({ streams }) => streams.has(doc.descriptor));
    if (!run) throw unknown(doc.descriptor, 'EventPage', 'Descriptor');
    tell(run.callbacks, 'event_page', doc);
    tell(run.streams.get(doc.descriptor) ?? [], 'event_page', doc);
  }

  /** A resource without a run goes to everybody. @throws UnresolvableForeignKeyError for one of a run that has not begun. */
  override resource(doc: DocumentTypes['resource']): void {
    if (doc.run_start === undefined) {
      this.#unlabelled.add(doc.uid);
      const [oldest] = this.#unlabelled;
      if (this.#unlabelled.size > KEPT_RESOURCES && oldest !== undefined) this.#unlabelled.delete(oldest);
      this.#tellEverybody('resource', doc);
      return;
    }
    const run = this.#runOf(doc.run_start, 'Resource');
    run.resources.add(doc.uid);
    tellAll(run, 'resource', doc);
  }

  /** @throws UnresolvableForeignKeyError for values in a resource that has not come. */
  override datumPage(doc: DocumentTypes['datum_page']): void {
    const run = [...this.#runs.values()].find(({ resources }) => resources.has(doc.resource));
    if (run) {
      tellAll(run, 'datum_page', doc);
      return;
    }
    if (!this.#unlabelled.has(doc.resource)) throw unknown(doc.resource, 'DatumPage', 'Resource');
    this.#tellEverybody('datum_page', doc);
  }

  /** @throws UnresolvableForeignKeyError for a store of a run that has not begun. */
  override streamResource(doc: DocumentTypes['stream_resource']): void {
    const run = this.#runOf(doc.run_start ?? '', 'StreamResource');
    run.resources.add(doc.uid);
    tellAll(run, 'stream_resource', doc);
  }

  /** @throws UnresolvableForeignKeyError for frames in a store that has not come. */
  override streamDatum(doc: DocumentTypes['stream_datum']): void {
    const run = [...this.#runs.values()].find(({ resources }) => resources.has(doc.stream_resource));
    if (!run) throw unknown(doc.stream_resource, 'StreamDatum', 'StreamResource');
    tellAll(run, 'stream_datum', doc);
  }

  /** Its callbacks hear of the end, and are forgotten. Nothing for a run that has not begun. */
  override stop(doc: DocumentTypes['stop']): void {
    const run = this.#runs.get(doc.run_start);
    if (!run) return;
    tellAll(run, 'stop', doc);
    this.#runs.delete(doc.run_start);
  }

  #tellEverybody<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    const runs = [...this.#runs.values()];
    for (const { callbacks } of runs) tell(callbacks, name, doc);
    for (const { streams } of runs) for (const callbacks of streams.values()) tell(callbacks, name, doc);
  }

  #runOf(uid: string, document: string): Run {
    const run = this.#runs.get(uid);
    if (!run) throw unknown(uid, document, 'RunStart');
    return run;
  }
}

function unknown(uid: string, document: string, what: string): UnresolvableForeignKeyError {
  return new UnresolvableForeignKeyError(uid, `${document} refers to unknown ${what} uid ${uid}`);
}

function tell<N extends DocumentName>(callbacks: readonly DocumentCallback[], name: N, doc: DocumentTypes[N]): void {
  for (const callback of callbacks) callback(name, doc);
}

function tellAll<N extends DocumentName>(run: Run, name: N, doc: DocumentTypes[N]): void {
  tell(run.callbacks, name, doc);
  for (const callbacks of run.streams.values()) tell(callbacks, name, doc);
}

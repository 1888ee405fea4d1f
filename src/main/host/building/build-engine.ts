import { setImmediate } from 'node:timers/promises';
import { type Metadata, RunEngine } from 'redsun/sdk/engine';
import type { Clock } from 'redsun/sdk/util';
import type { Bundle } from '../../plugins/load-bundle.ts';
import type { LoadedSession } from '../../session/load-session.ts';
import { factQuestions } from '../fact-questions.ts';
import type { LoggerFor } from '../logging.ts';
import { PersistentMetadata } from '../persistent-metadata.ts';
import { RecordedFacts } from '../recorded-facts.ts';
import { StopLatch } from '../stop-latch.ts';
import { WorkClock } from '../work-clock.ts';
import type { OpenedFolder } from './open-folder.ts';

/** What runs plans, and what is written into each start document. */
export interface EngineParts extends AsyncDisposable {
  readonly engine: RunEngine;
  readonly latch: StopLatch;
  readonly md: Metadata;
  readonly facts: RecordedFacts;
  readonly work: WorkClock;
}

export interface EngineOptions {
  readonly session: LoadedSession;
  readonly bundles: ReadonlyMap<string, Bundle>;
  readonly folder: OpenedFolder;
  readonly version: string;
  readonly clock: Clock;
  readonly loggerFor: LoggerFor;
}

/** Metadata that outlives the program is written down when it is disposed. */
export async function buildEngine(options: EngineOptions): Promise<EngineParts> {
  const { session, bundles, folder, version, clock, loggerFor } = options;
  const { file } = session;
  const place = {
    baseDir: folder.baseFolder,
    session: file.session,
    clock,
    onFault: (message: string) => loggerFor('session').warning(message),
  };
  await using scope = new AsyncDisposableStack();
  const given = { ...file.metadata, session: file.session, versions: versionsOf(bundles, version) };
  const metadata = await PersistentMetadata.open(given, place);
  scope.defer(() => metadata.flush());
  const facts = await RecordedFacts.open({ ...place, writes: folder.isUsable });
  scope.defer(() => facts.flush());
  const latch = new StopLatch();
  const { md } = metadata;
  const engine = new RunEngine({
    clock,
    guard: latch.guard,
    giveWay: () => setImmediate(),
    md,
    onFault: (error) => loggerFor('engine').warning(error.message),
  });
  if (file.storage.writer !== 'memory') engine.subscribe(() => metadata.save(), 'start');
  putIntoMetadata(facts, md, file.metadata);
  facts.changed.connect(() => putIntoMetadata(facts, md, file.metadata));
  const kept = scope.move();
  return {
    engine,
    latch,
    md,
    facts,
    work: new WorkClock(engine, clock),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Operator and sample are words of every start document, as the session file would say them. */
function putIntoMetadata(facts: RecordedFacts, md: Metadata, given: Readonly<Record<string, unknown>>): void {
  const asked = new Set(factQuestions(new Map(), given).map(({ key }) => key));
  for (const key of ['operator', 'sample']) {
    if (!asked.has(key) || !facts.isAsked(key)) continue;
    const answer = facts.get(key);
    if (answer === null) delete md[key];
    else md[key] = answer;
  }
}

/** What a run came from: the app, and each bundle with what its code was, which a version that nobody raised does not say. */
function versionsOf(bundles: ReadonlyMap<string, Bundle>, version: string): Readonly<Record<string, string>> {
  const found = [...bundles.values()].flatMap(({ manifest, codeHash }) =>
    codeHash === null ? [] : [[manifest.name, `${manifest.version} sha256:${codeHash.slice(0, 16)}`] as const],
  );
  return { ...Object.fromEntries(found), redsun: version };
}

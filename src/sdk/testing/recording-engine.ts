import type { RunEngineOptions } from '../engine/engine-options.ts';
import { RunEngine } from '../engine/run-engine.ts';
import type { DocumentName, DocumentTypes, NamedDocument } from '../events/documents.ts';
import type { Clock } from '../util/clock.ts';
import { ManualClock } from './manual-clock.ts';

/** An engine, its time, and what it did. */
export interface EngineRecording {
  /** Runs plans. */
  readonly engine: RunEngine;
  /** Its time. */
  readonly clock: ManualClock;
  /** What it emitted. */
  readonly documents: NamedDocument[];
  /** Commands that were executed. */
  readonly messages: string[];
  /** States that it went through. */
  readonly states: string[];
  /** What went to nobody: see `onFault` of the engine. */
  readonly faults: Error[];
  /** The documents of one kind. */
  of<N extends DocumentName>(name: N): DocumentTypes[N][];
}

/** An engine with counted uids whose every word is taken down. */
export function recordingEngine(
  options: Partial<Omit<RunEngineOptions<true>, 'clock'>> & { clock?: Clock } = {},
): EngineRecording {
  const clock = new ManualClock();
  const faults: Error[] = [];
  const documents: NamedDocument[] = [];
  const messages: string[] = [];
  const states: string[] = [];
  let uids = 0;
  const engine = new RunEngine({
    clock,
    newUid: () => `uid:${uids++}`,
    onFault: (error) => faults.push(error),
    ...options,
  });
  engine.subscribe((name, doc) => documents.push({ name, doc } as NamedDocument));
  engine.messageStarted.connect(({ command }) => messages.push(command));
  engine.stateChanged.connect((next) => states.push(next));
  return {
    engine,
    clock,
    documents,
    messages,
    states,
    faults,
    of: <N extends DocumentName>(name: N) =>
      documents.filter((document) => document.name === name).map(({ doc }) => doc as DocumentTypes[N]),
  };
}

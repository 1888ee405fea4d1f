import { planMessageOf, RunEngineInterrupted } from 'redsun/sdk/engine';
import { asError, codeOf } from 'redsun/sdk/util';
import type { RunResult } from '../../../shared/channels/acquisition.ts';
import { scheduleWords } from '../plans/schedule-record.ts';
import { timingsPath, writeTimings } from '../timings/timings-file.ts';
import { type CurrentRun, knownDurable } from './current-run.ts';
import { comparedWords, durableWords, predictionOf, stoppedWords } from './run-cost.ts';
import type { RunServices } from './run-services.ts';

/** Closes the files of a run whose plan is over, and says how it went. @param error - why the plan did not come to its own end. Never rejects. */
export async function finishRun(run: CurrentRun, error: Error | null, services: RunServices): Promise<RunResult> {
  const { clock, storage } = services;
  await run.gate.giveUp();
  await run.reserve.release();
  const unsaved = await keepDocuments(run).then(
    () => null,
    (thrown: unknown) => asError(thrown),
  );
  // A plan that only moves or sets something has nothing to keep.
  const wasNone = run.uids.length === 0 && (await run.place.discard().catch(() => false));
  await keepTimings(services);
  const failed = error !== null && !(error instanceof RunEngineInterrupted);
  const fault = failed ? error : unsaved;
  const frames = run.bound.cameras.length > 0 ? storage.counts.acknowledged : 0;
  const prediction = predictionOf(run.predicted, run.bound);
  const exitStatus = unsaved ? 'fail' : (run.stop?.exit_status ?? (failed ? 'fail' : error ? 'abort' : 'success'));
  const schedule = run.bound.schedule?.kept ?? null;
  const stopped = error && exitStatus === 'success' ? stoppedWords(frames, prediction) : '';
  const result: RunResult = {
    name: run.place.name,
    plan: run.item.name,
    exitStatus,
    reason: run.stop?.reason || (fault?.message ?? stopped),
    frames,
    elapsedS: clock.now() - run.startedAt,
    ...prediction,
    schedule,
    scheduleNote: scheduleWords(schedule),
    folder: wasNone ? '' : run.place.folder,
    runId: run.place.id,
    runStartUids: [...run.uids],
    error: fault ? { code: codeOf(fault), message: fault.message } : null,
  };
  tell(result, error, fault, services);
  return result;
}

function tell(result: RunResult, error: Error | null, fault: Error | null, { loggerFor, storage }: RunServices): void {
  const logger = loggerFor('run');
  const { name, exitStatus, frames, elapsedS, reason, scheduleNote } = result;
  const done = error ? 'stopped' : 'done';
  const ended = exitStatus === 'success' ? done : exitStatus === 'abort' ? 'aborted' : 'failed';
  const onDisk = durableWords(frames, knownDurable(storage));
  const counted = `${frames} ${frames === 1 ? 'frame' : 'frames'}`;
  const what = `${name} ${ended}: ${counted} in ${elapsedS.toFixed(1)} s${comparedWords(result)}${onDisk}`;
  const at = fault && planMessageOf(fault);
  if (exitStatus === 'fail') logger.error(`${what}. ${reason}${at ? ` (at ${at})` : ''}`);
  else logger.info(what);
  if (scheduleNote !== null) logger.warning(`${name}: ${scheduleNote}`);
}

async function keepDocuments({ documents, place }: CurrentRun): Promise<void> {
  using _spool = documents;
  try {
    await documents.flush();
  } finally {
    await place.documents.close();
  }
}

/** What was learnt in this run helps to estimate the next; without it runs go on as well. */
async function keepTimings({ baseFolder, session, storage, timings, clock, loggerFor }: RunServices): Promise<void> {
  if (storage.keeps === 'nothing') return;
  await writeTimings(timingsPath(baseFolder, session.file.session), timings.samples, clock).catch((thrown: unknown) =>
    loggerFor('run').warning(`Durations of this run are not kept: ${asError(thrown).message}`),
  );
}

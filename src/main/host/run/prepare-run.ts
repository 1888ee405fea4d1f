import type { RedsunError } from 'redsun/sdk/util';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';
import type { RunFolder } from '../../storage/run/run-folder.ts';
import { RunReserve } from '../../storage/run/run-reserve.ts';
import { DiskGate } from '../../storage/target/disk-gate.ts';
import { refuse, type TargetProblem } from '../../storage/target/preflight.ts';
import { DocumentSpool } from '../documents/document-spool.ts';
import type { BoundPlan } from '../plans/plan-registry.ts';
import { type ResumedMda, UNPREDICTED } from '../resume-mda.ts';
import type { RunPlace } from '../run-storage/run-storage.ts';
import { beginRun, type CurrentRun, longPathOf, roomIn } from './current-run.ts';
import { leastBytes } from './run-cost.ts';
import type { RunServices } from './run-services.ts';

/** Called when the disk is full or gone; what is to be written waits until it is tried again. */
export type OnDiskFault = (fault: RedsunError) => void;

/** Folder and files of a run that is about to start. @throws RedsunError `target/...` before anything is made. */
export async function prepareRun(
  item: PlanItem,
  bound: BoundPlan,
  host: RunServices,
  onFault: OnDiskFault,
): Promise<CurrentRun> {
  const { clock, storage, estimator } = host;
  refuse([...(await storage.check(leastBytes(roomIn(storage, bound)))), ...tooLong(item, bound, host)]);
  const predicted = await estimator.forStart(item, bound);
  const { gate, reserve } = newGate(onFault);
  const place = await storage.begin(item.name, gate);
  const documents = spoolOf(place, host);
  return beginRun({ item, place, documents, bound, predicted, gate, reserve, startedAt: clock.now() });
}

/** The same files again, from where they end. @throws as `prepareRun` */
export async function prepareResumedRun(
  folder: RunFolder,
  { item, bound, store }: ResumedMda,
  services: RunServices,
  onFault: OnDiskFault,
): Promise<CurrentRun> {
  const { clock, storage } = services;
  refuse(await storage.check(leastBytes(roomIn(storage, bound)), folder.path));
  const { gate, reserve } = newGate(onFault);
  const place = await storage.resume(folder, store, gate);
  const documents = spoolOf(place, services);
  return beginRun({ item, place, documents, bound, predicted: UNPREDICTED, gate, reserve, startedAt: clock.now() });
}

function tooLong(item: PlanItem, bound: BoundPlan, host: RunServices): TargetProblem[] {
  const found = longPathOf(item, bound, host);
  return found?.severity === 'error' ? [{ code: 'target/path-too-long', message: found.message }] : [];
}

function newGate(onFault: OnDiskFault): Pick<CurrentRun, 'gate' | 'reserve'> {
  const reserve = new RunReserve();
  return { gate: new DiskGate({ onFault, makeRoom: reserve.release }), reserve };
}

function spoolOf({ documents }: RunPlace, { clock, loggerFor }: RunServices): DocumentSpool {
  return new DocumentSpool(documents, { clock, logger: loggerFor('storage') });
}

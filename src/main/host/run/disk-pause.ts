import { RedsunError } from 'redsun/sdk/util';
import { refuse, requireFolder, requireTarget } from '../../storage/target/preflight.ts';
import { resolveHome } from '../resolve-home.ts';
import { type CurrentRun, exposureBytes } from './current-run.ts';
import type { RunServices } from './run-services.ts';

/** What the run folder must take when images go elsewhere: metadata, journal and documents of the next while. */
const RECORD_BYTES = 100_000;

/** What was held back is written before the plan goes on. @throws RedsunError `target/...` while the disk is as it was. */
export async function clearDisk(run: CurrentRun, { storage }: Pick<RunServices, 'storage'>): Promise<void> {
  const { gate, place, bound, linkedFolder } = run;
  if (!gate.fault) return;
  for (const path of [place.folder, linkedFolder]) if (path) await requireFolder(path);
  if (linkedFolder !== null) await requireTarget(place.folder, RECORD_BYTES);
  refuse(await storage.check(exposureBytes(bound, storage), linkedFolder ?? place.folder));
  gate.retry();
}

/**
 * Has the images of a run that waits for its disk go to another folder; the run folder has links to them.
 * @throws RedsunError `engine/transition` when it does not wait; `target/...` for a folder that will not do, and where links cannot be made
 */
export async function moveImages(
  run: CurrentRun | null,
  chosen: string,
  { storage, loggerFor }: Pick<RunServices, 'storage' | 'loggerFor'>,
): Promise<void> {
  if (!run?.gate.fault) {
    throw new RedsunError('engine/transition', 'Another folder can be chosen while a run waits for its disk');
  }
  const path = resolveHome(chosen);
  if (run.place.folder) await requireFolder(run.place.folder);
  await requireTarget(path, exposureBytes(run.bound, storage));
  await run.reserve.release();
  run.linkedFolder = await storage.goOnIn(path, run.place);
  loggerFor('storage').warning(`${run.place.name}: images go on in ${run.linkedFolder}; keep both folders`);
}

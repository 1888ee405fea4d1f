import type { RunEngine } from 'redsun/sdk/engine';
import type { Clock } from 'redsun/sdk/util';
import { endPart } from '../end-part.ts';
import type { CameraPresenter } from '../presenters/camera-presenter.ts';
import type { RunStorage } from '../run-storage/run-storage.ts';
import type { HostServices } from '../services.ts';

/** Ends what goes on when the program does: the run, then Live, then the store. Each is tried whatever the others did. */
export async function endSession(
  { engine, clock, storage, loggerFor }: Pick<HostServices, 'engine' | 'clock' | 'storage' | 'loggerFor'>,
  camera: CameraPresenter,
  timeoutMs: number,
): Promise<void> {
  const ending = { clock, timeoutMs };
  if (engine.state !== 'idle') await endRun(engine, clock);
  await endPart(() => camera.stopLive(), loggerFor('camera'), ending);
  // A run that was halted leaves its store open, or closing: what there is of it is made whole.
  await endPart(() => closeStore(storage.writer), loggerFor('storage'), ending);
}

async function closeStore(writer: RunStorage['writer']): Promise<void> {
  await Promise.all([...writer.sources.keys()].map((source) => writer.complete(source)));
}

/** Time for the clean-up of a plan, ms: one that does not end must not keep the program from ending. */
const CLEAN_UP_MS = 5000;

async function endRun(engine: RunEngine, clock: Clock): Promise<void> {
  await engine.abort('The program ends');
  await Promise.race([engine.whenIdle(), clock.sleep(CLEAN_UP_MS)]);
  if (engine.state !== 'idle') await engine.halt();
}

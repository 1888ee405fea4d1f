import { isPausable, isStageable, isStoppable } from '../device/protocols.ts';
import { Status } from '../device/status.ts';
import type { Clock } from '../util/clock.ts';
import { RedsunError } from '../util/errors.ts';
import { nameOf } from './described-object.ts';
import { NoReplayAllowed } from './errors.ts';

/** A device that does not answer within this is left behind: nobody may be kept by it. */
const STOP_MS = 400;
/** Cameras take their time to let go of their buffers. */
const UNSTAGE_MS = 10_000;

/** What devices are brought to rest with. */
export interface RestTools {
  readonly clock: Clock;
  /** Hears what goes wrong; the other devices are still brought to rest. */
  readonly onFault: (error: unknown) => void;
}

/** Stops what may be moving, all at once. */
export async function stopAll(objects: Iterable<object>, { clock, onFault }: RestTools): Promise<void> {
  await eachOf(objects, async (obj) => {
    if (!isStoppable(obj)) return;
    try {
      await within(clock, STOP_MS, `${nameOf(obj)}: stop`, async () => obj.stop({ success: true }));
    } catch (cause) {
      onFault(new RedsunError('engine/stop-failed', `${nameOf(obj)} did not stop`, { cause }));
    }
  });
}

/** Tells devices that the plan stands still. @returns true when one of them cannot do its part again. */
export async function pauseAll(objects: Iterable<object>, { clock, onFault }: RestTools): Promise<boolean> {
  let noReplay = false;
  await eachOf(objects, async (obj) => {
    if (!isPausable(obj)) return;
    try {
      await within(clock, STOP_MS, `${nameOf(obj)}: pause`, async () => obj.pause());
    } catch (thrown) {
      if (thrown instanceof NoReplayAllowed) noReplay = true;
      else onFault(thrown);
    }
  });
  return noReplay;
}

/** Tells devices that the plan goes on. */
export function resumeAll(objects: Iterable<object>, { clock, onFault }: RestTools): void {
  for (const obj of objects) {
    if (isPausable(obj)) within(clock, STOP_MS, `${nameOf(obj)}: resume`, async () => obj.resume()).catch(onFault);
  }
}

/** Takes staged devices back, one after the other. @param onFailure - hears what a device throws, once per device. */
export async function unstageAll(
  objects: Iterable<object>,
  { clock, onFault }: RestTools,
  onFailure: (error: unknown) => void,
): Promise<void> {
  for (const obj of [...objects]) {
    if (!isStageable(obj)) continue;
    try {
      await within(clock, UNSTAGE_MS, `${nameOf(obj)}: unstage`, async () => {
        const result = await obj.unstage();
        if (result instanceof Status) await result.wait();
      });
    } catch (thrown) {
      onFault(thrown);
      onFailure(thrown);
    }
  }
}

async function eachOf(objects: Iterable<object>, action: (obj: object) => Promise<void>): Promise<void> {
  await Promise.all([...objects].map(action));
}

/** @throws RedsunError `engine/no-answer` after `limitMs`; what `action` throws. */
async function within(clock: Clock, limitMs: number, what: string, action: () => Promise<unknown>): Promise<void> {
  const done = action();
  await new Promise<void>((resolve, reject) => {
    const timer = clock.setTimeout(
      () => reject(new RedsunError('engine/no-answer', `${what} did not end within ${limitMs} ms`)),
      limitMs,
    );
    done.then(
      () => {
        timer[Symbol.dispose]();
        resolve();
      },
      (error: unknown) => {
        timer[Symbol.dispose]();
        reject(error);
      },
    );
  });
}

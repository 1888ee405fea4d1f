import { type Awaitable, isPausable, isStageable, isStoppable } from '../device/protocols.ts';
import { Status } from '../device/status.ts';
import type { Clock } from '../util/clock.ts';
import { onAbort } from '../util/disposable.ts';
import { RedsunError } from '../util/errors.ts';
import { nameOf } from './described-object.ts';
import { NoReplayAllowed } from './errors.ts';

/** A device that does not answer within this is left behind: nobody may be kept by it. */
const STOP_MS = 400;
/** Cameras take their time to let go of their buffers. */
const UNSTAGE_MS = 10_000;
/** What a flying device still has may be much. */
const COLLECT_MS = 5000;
/** After a halt each of these gets no more than this. */
const HURRIED_MS = 200;

/** What devices are brought to rest with. */
export interface RestTools {
  readonly clock: Clock;
  /** Hears what goes wrong; the other devices are still brought to rest. */
  readonly onFault: (error: unknown) => void;
  /** Aborts when nothing may take its time any more: the plan was halted. */
  readonly hurry: AbortSignal;
}

/** Stops what may be moving, all at once. */
export async function stopAll(objects: Iterable<object>, tools: RestTools): Promise<void> {
  await eachOf(objects, async (obj) => {
    if (!isStoppable(obj)) return;
    try {
      await within(tools, STOP_MS, `${nameOf(obj)}: stop`, async () => obj.stop({ success: true }));
    } catch (cause) {
      tools.onFault(new RedsunError('engine/stop-failed', `${nameOf(obj)} did not stop`, { cause }));
    }
  });
}

/** Tells devices that the plan stands still. @returns true when one of them cannot do its part again. */
export async function pauseAll(objects: Iterable<object>, tools: RestTools): Promise<boolean> {
  let noReplay = false;
  await eachOf(objects, async (obj) => {
    if (!isPausable(obj)) return;
    try {
      await within(tools, STOP_MS, `${nameOf(obj)}: pause`, async () => obj.pause());
    } catch (thrown) {
      if (thrown instanceof NoReplayAllowed) noReplay = true;
      else tools.onFault(thrown);
    }
  });
  return noReplay;
}

/** Tells devices that the plan goes on. */
export function resumeAll(objects: Iterable<object>, tools: RestTools): void {
  for (const obj of objects) {
    if (!isPausable(obj)) continue;
    within(tools, STOP_MS, `${nameOf(obj)}: resume`, async () => obj.resume()).catch(tools.onFault);
  }
}

/** Fetches what flying devices still have. @param collect - does it, for all of them. */
export async function collectRest(collect: () => Awaitable<void>, tools: RestTools): Promise<void> {
  try {
    await within(tools, COLLECT_MS, 'Flying devices: collect', async () => collect());
  } catch (thrown) {
    tools.onFault(thrown);
  }
}

/**
 * Takes staged devices back: one after the other, and all that are left at once when there is hurry.
 * @param onFailure - hears what a device throws, once per device.
 */
export async function unstageAll(
  objects: Iterable<object>,
  tools: RestTools,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const unstage = async (obj: object): Promise<void> => {
    if (!isStageable(obj)) return;
    try {
      await within(tools, UNSTAGE_MS, `${nameOf(obj)}: unstage`, async () => {
        const result = await obj.unstage();
        if (result instanceof Status) await result.wait();
      });
    } catch (thrown) {
      tools.onFault(thrown);
      onFailure(thrown);
    }
  };
  const all = [...objects];
  for (let obj = all.shift(); obj !== undefined; obj = all.shift()) {
    const rest = tools.hurry.aborted ? all.splice(0) : [];
    await eachOf([obj, ...rest], unstage);
  }
}

async function eachOf(objects: Iterable<object>, action: (obj: object) => Promise<void>): Promise<void> {
  await Promise.all([...objects].map(action));
}

/** @throws RedsunError `engine/no-answer` after `limitMs`, or soon when there is hurry; what `action` throws. */
async function within(
  { clock, hurry }: RestTools,
  limitMs: number,
  what: string,
  action: () => Promise<unknown>,
): Promise<void> {
  const done = action();
  const late = new AbortController();
  const giveUpAfter = (ms: number) =>
    clock.setTimeout(() => late.abort(new RedsunError('engine/no-answer', `${what} did not end within ${ms} ms`)), ms);
  using _timer = giveUpAfter(hurry.aborted ? HURRIED_MS : limitMs);
  using timers = new DisposableStack();
  using _hurried = onAbort(hurry, () => timers.use(giveUpAfter(HURRIED_MS)));
  await new Promise<void>((resolve, reject) => {
    timers.use(onAbort(late.signal, () => reject(late.signal.reason)));
    done.then(() => resolve(), reject);
  });
}

import { setTimeout } from 'node:timers/promises';
import { type Clock, hasCode } from '../../../sdk/util/index.ts';

/** What a file system says of a file that another program holds open. */
const HELD = ['EPERM', 'EACCES', 'EBUSY'] as const;
/** Often: who looks at a file again and again leaves it for a moment only. */
const LOOK_AGAIN_MS = 25;
/** Scanners, indexers and previews let go within seconds. Elsewhere than on Windows an open file is in nobody's way, shares aside. */
const PATIENCE_MS = { windows: 10_000, elsewhere: 500 } as const;

const AS_IT_PASSES: Pick<Clock, 'sleep' | 'monotonicMs'> = {
  sleep: (delayMs) => setTimeout(delayMs),
  monotonicMs: () => performance.now(),
};

/**
 * Renames or deletes what another program may have open. Windows refuses that until it is closed.
 * @throws what `work` throws when it has not worked after 10 s on Windows, 0.5 s elsewhere; other faults at once
 */
export async function onceFree<Result>(
  work: () => Promise<Result>,
  clock: Pick<Clock, 'sleep' | 'monotonicMs'> = AS_IT_PASSES,
  platform: NodeJS.Platform = process.platform,
): Promise<Result> {
  const untilMs = clock.monotonicMs() + (platform === 'win32' ? PATIENCE_MS.windows : PATIENCE_MS.elsewhere);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isHeld = HELD.some((code) => hasCode(error, code));
      if (!isHeld || clock.monotonicMs() >= untilMs) throw error;
    }
    await clock.sleep(LOOK_AGAIN_MS);
  }
}

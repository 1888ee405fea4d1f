import type { Readable } from '../device/protocols.ts';
import { nameOf } from '../engine/described-object.ts';
import type { Plan } from '../engine/msg.ts';
import { checkpoint, sleep, triggerAndRead } from './stubs.ts';
import { withRun, withStaged } from './wrappers.ts';

/** How often `count` reads, and what goes into its start document. */
export interface CountOptions {
  /** How many readings. */
  readonly num?: number;
  /** Seconds between readings. */
  readonly delay?: number;
  /** Added to the start document; a key of the plan itself is overridden. */
  readonly metadata?: Record<string, unknown>;
}

/** Takes `num` readings of the detectors. */
export function* count(detectors: readonly Readable[], options: CountOptions = {}): Plan<void> {
  const { num = 1, delay = 0, metadata = {} } = options;
  const start = {
    detectors: detectors.map(nameOf),
    num_points: num,
    num_intervals: num - 1,
    plan_args: { detectors: detectors.map(nameOf), num, delay },
    plan_type: 'generator',
    plan_name: 'count',
    hints: { dimensions: [[['time'], 'primary']] },
    ...metadata,
  };
  yield* withStaged(detectors, () =>
    withRun(
      (function* () {
        for (let i = 0; i < num; i++) {
          yield* checkpoint();
          yield* triggerAndRead(detectors);
          if (i + 1 < num && delay > 0) yield* sleep(delay);
        }
      })(),
      start,
    ),
  );
}

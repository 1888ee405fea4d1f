import { isTriggerable, type Movable, type Readable } from '../device/protocols.ts';
import { msg, type Plan } from '../engine/msg.ts';
import { planFunction } from '../engine/plan-ledger.ts';
import type { Reading } from '../events/documents.ts';
import { ValueError } from '../util/errors.ts';
import { areRewindable, separateDevices } from './devices.ts';
import { newGroup } from './group.ts';
import { eachMessage } from './mutators.ts';
import { paced } from './pacing.ts';
import { collect, completeAll, create, drop, nothing, read, save, trigger, type WaitOptions, wait } from './stubs.ts';
import { rewindableWrapper } from './wrappers.ts';

/** Takes a reading of the devices into one event. */
export type TakeReading = (devices: readonly Readable[]) => Plan;

/** Something that can be moved and read: what scans step along. */
// biome-ignore lint/suspicious/noExplicitAny: a scan does not look at the values that it moves to.
export type ScanAxis = Movable<any> &
  Readable & {
    /** In documents. */
    readonly name: string;
  };

/** Where each axis of a scan is sent next. */
export type Step = ReadonlyMap<ScanAxis, unknown>;

/** Triggers what can be triggered, waits, and reads all into one event. @returns the readings by data key. */
export const triggerAndRead = planFunction(
  'triggerAndRead',
  function* (devices: readonly Readable[], stream = 'primary'): Plan<Readonly<Record<string, Reading>>> {
    if (devices.length === 0) yield* nothing();
    const separate = separateDevices(devices);
    const reading = readIntoEvent(separate, stream);
    return yield* areRewindable(separate) ? reading : rewindableWrapper(reading, false);
  },
);

function* readIntoEvent(devices: readonly Readable[], stream: string): Plan<Readonly<Record<string, Reading>>> {
  const group = newGroup('trigger');
  let triggered = false;
  for (const obj of devices as readonly object[]) {
    if (!isTriggerable(obj)) continue;
    yield* trigger(obj, { group });
    triggered = true;
  }
  if (triggered) yield* wait(group);
  yield* create(stream);
  const readings: Record<string, Reading> = {};
  try {
    for (const obj of devices) Object.assign(readings, yield* read(obj));
  } catch (error) {
    yield* drop();
    throw error;
  }
  yield* save();
  return readings;
}

/** The inner part of `count`. */
export const oneShot = planFunction(
  'oneShot',
  function* (detectors: readonly Readable[], takeReading: TakeReading = triggerAndRead): Plan<void> {
    yield msg('checkpoint');
    yield* takeReading([...detectors]);
  },
);

/** The inner part of a scan along one axis. */
export const one1dStep = planFunction(
  'one1dStep',
  function* (
    detectors: readonly Readable[],
    axis: ScanAxis,
    value: unknown,
    takeReading: TakeReading = triggerAndRead,
  ): Plan<unknown> {
    const group = newGroup('set');
    yield msg('checkpoint');
    yield msg('set', axis, [value], { group });
    yield msg('wait', null, [], { group });
    return yield* takeReading([...detectors, axis]);
  },
);

/** Moves what is not there already. @param positions - where each axis was sent last; changed. */
export const movePerStep = planFunction(
  'movePerStep',
  function* (step: Step, positions: Map<ScanAxis, unknown>): Plan<void> {
    yield msg('checkpoint');
    const group = newGroup('set');
    for (const [axis, value] of step) {
      if (positions.has(axis) && positions.get(axis) === value) continue;
      yield msg('set', axis, [value], { group });
      positions.set(axis, value);
    }
    yield msg('wait', null, [], { group });
  },
);

/** The inner part of a scan along any number of axes. @param positions - where each axis was sent last; changed. */
export const oneNdStep = planFunction(
  'oneNdStep',
  function* (
    detectors: readonly Readable[],
    step: Step,
    positions: Map<ScanAxis, unknown>,
    takeReading: TakeReading = triggerAndRead,
  ): Plan<void> {
    yield* movePerStep(step, positions);
    yield* takeReading([...detectors, ...step.keys()]);
  },
);

/** The same plan again and again. @param num - null: for ever. */
export const repeater = planFunction('repeater', function* (num: number | null, plan: () => Plan): Plan<void> {
  for (let done = 0; num === null || done < num; done++) yield* plan();
});

/** The messages of a plan again and again. @param num - null: for ever. */
export const cachingRepeater = planFunction('cachingRepeater', function* (num: number | null, plan: Plan): Plan<void> {
  const messages = [...plan];
  for (let done = 0; num === null || done < num; done++) yield* eachMessage(messages);
});

/**
 * A plan again and again, with a checkpoint before and a delay after each. @param num - null: for ever.
 * @param delay - s between two beginnings; a list: one for each. @throws ValueError for a list that is too short.
 */
export const repeat = planFunction(
  'repeat',
  function* (plan: () => Plan, num: number | null = 1, delay: number | readonly number[] = 0): Plan<void> {
    if (typeof delay !== 'number' && num !== null && num - 1 > delay.length) {
      throw new ValueError(`num=${num} but delays only provides ${delay.length} entries`);
    }
    for (let done = 0; num === null || done < num; done++) {
      const begunMs = performance.now();
      const beginning = {};
      yield paced(msg('checkpoint'), { beginning, intervalS: null });
      yield* plan();
      const wanted = typeof delay === 'number' ? delay : delay[done];
      if (wanted === undefined) return;
      const left = wanted - (performance.now() - begunMs) / 1000;
      if (left > 0) yield paced(msg('sleep', null, [left]), { beginning, intervalS: wanted });
    }
  },
);

/** Collects from detectors, again and again, until flying devices have come to their end. */
export const collectWhileCompleting = planFunction(
  'collectWhileCompleting',
  function* (
    flyers: Parameters<typeof completeAll>[0],
    detectors: readonly object[],
    {
      flushPeriod = null,
      streamName = null,
      watch = [],
    }: {
      /** s between two collections; null: only at the end. */
      readonly flushPeriod?: number | null;
      /** Of the declared stream. */
      readonly streamName?: string | null;
      /** Groups whose failure ends the waiting. */
      readonly watch?: WaitOptions['watch'];
    } = {},
  ): Plan<void> {
    const group = newGroup('complete');
    yield* completeAll(flyers, { group });
    for (let done = false; !done; ) {
      done = yield* wait(group, { timeout: flushPeriod, errorOnTimeout: false, watch: watch ?? [] });
      yield* collect(detectors, { name: streamName });
    }
  },
);

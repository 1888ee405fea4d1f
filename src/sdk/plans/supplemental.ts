import type { Flyable, Movable, Readable, Subscribable } from '../device/protocols.ts';
import { type Msg, msg, type Plan } from '../engine/msg.ts';
import { triggerAndRead } from './acquire.ts';
import { newGroup } from './group.ts';
import { eachMessage, type Insertion, pchain, planMutator, setRunKeyWrapper, singleMessage } from './mutators.ts';
import { declareStream, mv } from './stubs.ts';
import { finalizeWrapper } from './wrappers.ts';

/** What can be monitored under a name. */
export interface NamedSubscribable extends Subscribable {
  /** Its stream is called after it. */
  readonly name: string;
}

/** What is measured beside whatever a plan measures. Put into the engine's `preprocessors` it holds for every plan. */
export class SupplementalData {
  /** Read at the beginning and at the end of each run. */
  readonly baseline: Readable[];
  /** Monitored while a run is open. */
  readonly monitors: NamedSubscribable[];
  /** Fly while a run is open. */
  readonly flyers: Flyable[];

  /** Lists may be changed later. */
  constructor({
    baseline = [],
    monitors = [],
    flyers = [],
  }: {
    readonly baseline?: Iterable<Readable>;
    readonly monitors?: Iterable<NamedSubscribable>;
    readonly flyers?: Iterable<Flyable>;
  } = {}) {
    this.baseline = [...baseline];
    this.monitors = [...monitors];
    this.flyers = [...flyers];
  }

  /** The plan with all that around its runs. */
  readonly wrap = <Result>(plan: Plan<Result>): Plan<Result> =>
    baselineWrapper(monitorDuringWrapper(flyDuringWrapper(plan, this.flyers), this.monitors), this.baseline);
}

/** Monitors devices while a run is open. */
export function monitorDuringWrapper<Result>(plan: Plan<Result>, signals: readonly NamedSubscribable[]): Plan<Result> {
  return aroundRuns(plan, {
    afterOpen: () =>
      eachMessage(signals.map((signal) => msg('monitor', signal, [], { name: `${signal.name}_monitor` }))),
    beforeClose: () => eachMessage(signals.map((signal) => msg('unmonitor', signal))),
  });
}

/** Lets devices fly while a run is open. */
export function flyDuringWrapper<Result>(plan: Plan<Result>, flyers: readonly Flyable[]): Plan<Result> {
  const all = (command: 'kickoff' | 'complete') => {
    const group = newGroup(`flyers-${command}`);
    const messages = flyers.map((flyer) => msg(command, flyer, [], { group }));
    return flyers.length > 0 ? [...messages, msg('wait', null, [], { group })] : [];
  };
  const [kickoff, complete] = [all('kickoff'), all('complete')];
  return aroundRuns(plan, {
    afterOpen: () => eachMessage(kickoff),
    beforeClose: () => eachMessage([...complete, ...flyers.map((flyer) => msg('collect', flyer))]),
  });
}

function aroundRuns<Result>(
  plan: Plan<Result>,
  { afterOpen, beforeClose }: { readonly afterOpen: () => Plan; readonly beforeClose: () => Plan },
): Plan<Result> {
  const opened = planMutator(plan, (message) =>
    message.command === 'open_run' ? { head: singleMessage(message), tail: afterOpen() } : null,
  );
  return planMutator(opened, (message) => {
    if (message.command !== 'close_run') return null;
    function* head(): Plan<unknown> {
      yield* beforeClose();
      return yield message;
    }
    return { head: head() };
  });
}

/** Reads devices at the beginning and at the end of each run, into a stream of their own. */
export function* baselineWrapper<Result>(
  plan: Plan<Result>,
  devices: readonly Readable[],
  name = 'baseline',
): Plan<Result> {
  if (devices.length === 0) return yield* plan;
  const keyed = (inner: Plan, { run }: Msg) => (run === null ? inner : setRunKeyWrapper(inner, run));
  return yield* planMutator(plan, (message) => {
    if (message.command === 'open_run') {
      const tail = pchain(declareStream(devices, name), triggerAndRead(devices, name));
      return { tail: keyed(tail, message) };
    }
    if (message.command !== 'close_run') return null;
    function* head(): Plan<unknown> {
      yield* keyed(triggerAndRead(devices, name), message);
      return yield message;
    }
    return { head: head() };
  });
}

/** A device whose exposure a plan may set. */
interface HasCountTime {
  readonly countTime: Movable<number> & { get(): number };
}

/** Sets the exposure of every device that has one, and sets it back at the end. @param seconds - s; null: leaves it alone. */
export function* configureCountTimeWrapper<Result>(plan: Plan<Result>, seconds: number | null): Plan<Result> {
  if (seconds === null) return yield* plan;
  const before = new Map<HasCountTime, number>();
  const seen = new Set<unknown>();
  const insert = (message: Msg): Insertion | null => {
    const { obj } = message;
    if (obj === null || seen.has(obj)) return null;
    seen.add(obj);
    if (!hasCountTime(obj)) return null;
    before.set(obj, obj.countTime.get());
    return { head: last(pchain(mv([[obj.countTime, seconds]]), singleMessage(message))) };
  };
  return yield* finalizeWrapper(planMutator(plan, insert), function* () {
    for (const [{ countTime }, value] of before) yield* mv([[countTime, value]]);
  });
}

function hasCountTime(obj: unknown): obj is HasCountTime {
  return typeof obj === 'object' && obj !== null && 'countTime' in obj;
}

/** The last result of a chain. */
function* last(chain: Plan<readonly unknown[]>): Plan<unknown> {
  return (yield* chain).at(-1);
}

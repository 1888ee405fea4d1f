import fc from 'fast-check';
import { msg, type Plan } from 'redsun/sdk/engine';
import {
  absSet,
  checkpoint,
  clearCheckpoint,
  closeRun,
  configure,
  finalizeWrapper,
  monitor,
  mv,
  nothing,
  openRun,
  rewindableWrapper,
  runWrapper,
  setRunKeyWrapper,
  sleep,
  stage,
  stageWrapper,
  triggerAndRead,
  unmonitor,
  wait,
} from 'redsun/sdk/plans';
import type { RandomBench } from './random-bench.ts';

/** A part of a random plan. */
export type Step =
  | { readonly kind: 'read'; readonly detectors: readonly number[]; readonly stream: string }
  | { readonly kind: 'move'; readonly axis: number; readonly to: number; readonly waits: boolean }
  | { readonly kind: 'wait' | 'checkpoint' | 'clear' | 'nothing' | 'change' | 'monitor' | 'unmonitor' | 'pause' }
  | { readonly kind: 'sleep'; readonly seconds: number }
  | { readonly kind: 'configure' | 'stage'; readonly detector: number }
  | { readonly kind: 'throw' | 'openRun' | 'closeRun' }
  | { readonly kind: 'run'; readonly key: string | null; readonly steps: readonly Step[] }
  | { readonly kind: 'staged'; readonly detectors: readonly number[]; readonly steps: readonly Step[] }
  | { readonly kind: 'finally' | 'caught' | 'notRewindable'; readonly steps: readonly Step[] };

const detector = fc.nat(1);
const detectors = fc.uniqueArray(detector, { minLength: 1 });

const { steps } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  steps: fc.array(tie('step'), { minLength: 2, maxLength: 12, size: 'max' }),
  step: fc.oneof(
    { depthSize: 'medium', maxDepth: 4 },
    fc.record({ kind: fc.constant('read' as const), detectors, stream: fc.constantFrom('primary', 'aux') }),
    fc.record({ kind: fc.constant('move' as const), axis: detector, to: fc.nat(50), waits: fc.boolean() }),
    fc.record({ kind: fc.constantFrom('wait', 'checkpoint', 'nothing', 'change', 'monitor', 'unmonitor') }),
    fc.record({ kind: fc.constant('sleep' as const), seconds: fc.double({ min: 0, max: 0.05, noNaN: true }) }),
    fc.record({ kind: fc.constantFrom('configure' as const, 'stage' as const), detector }),
    fc.record({ kind: fc.constantFrom('throw', 'openRun', 'closeRun', 'clear', 'pause') }),
    fc.record({ kind: fc.constant('run' as const), key: fc.constantFrom(null, 'a', 'b'), steps: tie('steps') }),
    fc.record({ kind: fc.constant('staged' as const), detectors, steps: tie('steps') }),
    fc.record({ kind: fc.constantFrom('finally', 'caught', 'notRewindable'), steps: tie('steps') }),
  ) as fc.Arbitrary<Step>,
}));

/** Steps of a plan, nested, most of them inside a run. */
export const randomSteps: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 3, arbitrary: steps.map((inner): Step[] => [{ kind: 'run', key: null, steps: inner }]) },
  { weight: 1, arbitrary: steps },
);

/** The plan of these steps. */
export function* planOf(list: readonly Step[], bench: RandomBench): Plan<void> {
  for (const step of list) yield* one(step, bench);
}

function one(step: Step, bench: RandomBench): Plan<unknown> {
  const { detectors: all, axes, signal } = bench;
  const some = (places: readonly number[]) => places.map((place) => all[place]!);
  switch (step.kind) {
    case 'read':
      return triggerAndRead(some(step.detectors), step.stream);
    case 'move':
      return step.waits
        ? mv([[axes[step.axis]!, step.to]])
        : absSet<number>(axes[step.axis]!, step.to, { group: 'moves' });
    case 'wait':
      return wait('moves');
    case 'checkpoint':
      return checkpoint();
    case 'clear':
      return clearCheckpoint();
    case 'nothing':
      return nothing();
    case 'pause':
      return single(msg('pause', null, [], { defer: false }));
    case 'change':
      return changed(bench);
    case 'monitor':
      return monitor(signal, 'watched');
    case 'unmonitor':
      return unmonitor(signal);
    case 'sleep':
      return sleep(step.seconds);
    case 'configure':
      return configure(all[step.detector]!, { exposure: 0.5 });
    case 'stage':
      return stage(all[step.detector]!);
    case 'throw':
      return failing();
    case 'openRun':
      return openRun();
    case 'closeRun':
      return closeRun();
    case 'run': {
      const run = runWrapper(planOf(step.steps, bench));
      return step.key === null ? run : setRunKeyWrapper(run, step.key);
    }
    case 'staged':
      return stageWrapper(planOf(step.steps, bench), some(step.detectors));
    case 'finally':
      return finalizeWrapper(planOf(step.steps, bench), () => mv([[axes[0]!, 0]]));
    case 'caught':
      return caught(planOf(step.steps, bench));
    case 'notRewindable':
      return rewindableWrapper(planOf(step.steps, bench), false);
  }
}

function* single(message: ReturnType<typeof msg>): Plan<void> {
  yield message;
}

function* changed({ signal }: RandomBench): Plan<void> {
  yield* nothing();
  signal.put(Math.random());
}

function* failing(): Plan<void> {
  yield* nothing();
  throw new Error('the plan gave up');
}

/** A plan that goes on whatever its parts do. */
function* caught(plan: Plan): Plan<void> {
  try {
    yield* plan;
  } catch {
    yield* nothing();
  }
}

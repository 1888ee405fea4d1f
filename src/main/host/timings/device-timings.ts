import { type DurationRange, guessDuration, type PlanStep } from 'redsun/sdk/plans';
import { type DurationModel, fitDurations, rangeFor, type Sample } from './duration-model.ts';

/** Samples that are kept of each kind: the newest, as a stage that was serviced moves differently. */
const KEPT = 64;

/** Kinds of steps by name: `z.set`; without a device: `.save`. */
export type TimingSamples = Readonly<Record<string, readonly Sample[]>>;

/** How long devices took for what they were asked, and how long they will take. */
export class DeviceTimings {
  readonly #samples: Map<string, Sample[]>;
  readonly #models = new Map<string, DurationModel | null>();
  #changes = 0;

  constructor(samples: TimingSamples = {}) {
    this.#samples = new Map(Object.entries(samples).map(([key, list]) => [key, list.slice(-KEPT)]));
  }

  /** Samples so far. */
  get samples(): TimingSamples {
    return Object.fromEntries(this.#samples);
  }

  /** Counts up with each sample. */
  get changes(): number {
    return this.#changes;
  }

  /** Takes in what was measured. */
  add(step: PlanStep, seconds: number): void {
    if (!Number.isFinite(seconds) || seconds < 0) return;
    const key = keyOf(step);
    const samples = this.#samples.get(key) ?? [];
    samples.push([sizeOf(step), seconds]);
    if (samples.length > KEPT) samples.shift();
    this.#samples.set(key, samples);
    this.#models.delete(key);
    this.#changes++;
  }

  /** How long a step will take: as it took before, or a guess. */
  readonly durationOf = (step: PlanStep): DurationRange => {
    const model = this.#model(step);
    return model ? { ...rangeFor(model, sizeOf(step)), learnt: true } : guessDuration(step);
  };

  #model(step: PlanStep): DurationModel | null {
    const key = keyOf(step);
    let model = this.#models.get(key);
    if (model === undefined) {
      // An exposure takes as long as it takes; what is learnt is what comes on top.
      model = fitDurations(this.#samples.get(key) ?? [], step.exposureS === null ? null : 1);
      this.#models.set(key, model);
    }
    return model;
  }
}

function keyOf({ device, command }: PlanStep): string {
  return `${device ?? ''}.${command}`;
}

function sizeOf({ distance, exposureS }: PlanStep): number {
  return exposureS ?? distance ?? 0;
}

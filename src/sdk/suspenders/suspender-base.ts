import type { Awaitable, Subscribable } from '../device/protocols.ts';
import type { PlanSource, Suspender, SuspendRequest, SuspendTarget } from '../engine/suspension.ts';
import type { Reading } from '../events/documents.ts';
import { asError, RedsunError } from '../util/errors.ts';
import { Hold } from './hold.ts';

/** What suspenders watch: a device that announces its readings. One that can be read, too, is read once when it is installed. */
export interface WatchedSignal extends Subscribable {
  /** Unique in the session, and the data key that is watched unless `key` says otherwise. */
  readonly name: string;
  /** What it says now, by data key. */
  read?(): Awaitable<Record<string, Reading>>;
}

/** What suspenders have in common. */
export interface SuspenderOptions {
  /** Data key of the signal to watch. Default: the one that is called like the signal; where it has but one, that. */
  readonly key?: string;
  /** How long all has to be well again before plans go on, s. Default 0. */
  readonly sleep?: number;
  /** Run before waiting: close the shutter. */
  readonly prePlan?: PlanSource | null;
  /** Run after waiting, before the messages since the last checkpoint are repeated. */
  readonly postPlan?: PlanSource | null;
  /** Added to what is said of a suspension. Default empty. */
  readonly trippedMessage?: string;
}

type Watch =
  | { readonly kind: 'removed' }
  | { readonly kind: 'reading'; readonly target: SuspendTarget }
  | { readonly kind: 'watching'; readonly target: SuspendTarget };

/**
 * Watches a signal and holds plans up while its value is bad. Derive from it and say which values are bad and which are good again.
 * It is tripped from the first bad value until the value has been good for `sleep` seconds; a bad value meanwhile starts that anew.
 */
export abstract class SuspenderBase implements Suspender {
  readonly name: string;
  /** What it watches. */
  readonly signal: WatchedSignal;
  readonly #options: SuspenderOptions;
  readonly #heard = (readings: Record<string, Reading>): void => this.#hear(readings);
  #watch: Watch = { kind: 'removed' };
  #hold: Hold | null = null;
  #value: unknown;

  /** @param signal - to be watched once it is installed. */
  constructor(signal: WatchedSignal, options: SuspenderOptions = {}) {
    this.signal = signal;
    this.name = `${new.target.name}(${signal.name})`;
    this.#options = options;
  }

  /** Is this a value to hold plans up for? */
  abstract shouldSuspend(value: unknown): boolean;

  /** May plans go on with this value? Between this and `shouldSuspend` all stays as it is. */
  abstract shouldResume(value: unknown): boolean;

  /** What is wrong, in words: it is given the last value that was heard. */
  protected describe(_value: unknown): string {
    return `Suspender of type ${this.constructor.name} stopped by signal ${this.signal.name}`;
  }

  /** True while it holds plans up. */
  get tripped(): boolean {
    return this.#hold !== null && this.#watch.kind === 'watching';
  }

  /** Why plans are held up; empty when they are not. */
  get justification(): string {
    if (!this.tripped) return '';
    return [this.describe(this.#value), this.#options.trippedMessage].filter(Boolean).join(': ');
  }

  install(target: SuspendTarget): void {
    this.remove();
    const reading = this.signal.read?.();
    if (reading instanceof Promise) {
      // Until the first value is there nobody knows whether all is well: plans that begin wait for it.
      this.#watch = { kind: 'reading', target };
      const hold = new Hold(target.clock);
      this.#hold = hold;
      void reading.then(
        (readings) => {
          if (this.#hold === hold) this.#hear(readings);
        },
        (thrown: unknown) => {
          if (this.#hold !== hold) return;
          hold.fail(this.#unreadable(thrown));
          target.requestSuspend(this.#request(hold));
        },
      );
    } else {
      this.#watch = { kind: 'watching', target };
      if (reading) this.#hear(reading);
    }
    this.signal.subscribe(this.#heard);
  }

  remove(): void {
    if (this.#watch.kind === 'removed') return;
    this.#watch = { kind: 'removed' };
    this.signal.clearSub(this.#heard);
    this.#hold?.release();
    this.#hold = null;
  }

  pending(): SuspendRequest | null {
    return this.#hold && this.#request(this.#hold);
  }

  #hear(readings: Record<string, Reading>): void {
    if (this.#watch.kind === 'removed') return;
    const reading = this.#readingOf(readings);
    if (!reading) return;
    const { target } = this.#watch;
    if (this.#watch.kind === 'reading') {
      this.#hold?.release();
      this.#hold = null;
      this.#watch = { kind: 'watching', target };
    }
    this.#value = reading.value;
    if (this.shouldSuspend(reading.value)) this.#trip(target);
    else if (this.shouldResume(reading.value)) this.#recover();
  }

  #trip(target: SuspendTarget): void {
    if (this.#hold) {
      this.#hold.keep();
      return;
    }
    this.#hold = new Hold(target.clock);
    target.requestSuspend(this.#request(this.#hold));
  }

  #recover(): void {
    const hold = this.#hold;
    hold?.releaseAfter((this.#options.sleep ?? 0) * 1000, () => {
      if (this.#hold === hold) this.#hold = null;
    });
  }

  #request(hold: Hold): SuspendRequest {
    const { prePlan = null, postPlan = null } = this.#options;
    return { until: (signal) => hold.until(signal), justification: this.justification, prePlan, postPlan };
  }

  #readingOf(readings: Record<string, Reading>): Reading | undefined {
    const { key } = this.#options;
    if (key !== undefined) return readings[key];
    const values = Object.values(readings);
    return readings[this.signal.name] ?? (values.length === 1 ? values[0] : undefined);
  }

  #unreadable(thrown: unknown): RedsunError {
    const cause = asError(thrown);
    const what = `${this.name} could not read ${this.signal.name}, so nobody knows whether plans may run: ${cause.message}`;
    return new RedsunError('suspender/unreadable', what, { cause });
  }
}

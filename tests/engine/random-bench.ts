import { Device, finishedStatus, Status } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { FakeDetector, type ManualClock } from 'redsun/sdk/testing';

/** How a detector fails, and at which of its calls. */
export interface Fault {
  readonly verb: 'none' | 'trigger throws' | 'trigger fails' | 'read' | 'stage' | 'unstage';
  readonly at: number;
}

/** A detector that may fail, and takes its time. */
export class RandomDetector extends FakeDetector {
  /** `stage` without an `unstage`. */
  staged = 0;
  readonly #clock: ManualClock;
  readonly #fault: Fault;
  readonly #slowMs: number;
  #calls = 0;

  constructor(name: string, clock: ManualClock, fault: Fault, slowMs: number) {
    super(name);
    this.#clock = clock;
    this.#fault = fault;
    this.#slowMs = slowMs;
  }

  override stage(): readonly unknown[] {
    this.#failAt('stage');
    this.staged++;
    return [this];
  }
  override unstage(): readonly unknown[] {
    this.staged = 0;
    this.#failAt('unstage');
    return [this];
  }
  override trigger(): Status {
    this.#failAt('trigger throws');
    this.value++;
    const fails = this.#fault.verb === 'trigger fails' && ++this.#calls >= this.#fault.at;
    if (this.#slowMs === 0 && !fails) return finishedStatus(`${this.name}.trigger`);
    const status = new Status({ label: `${this.name}.trigger` });
    this.#clock.setTimeout(() => {
      if (fails) status.setException(new Error(`${this.name} lost its line`));
      else status.setFinished();
    }, this.#slowMs);
    return status;
  }
  override async read(): Promise<Record<string, Reading>> {
    this.#failAt('read');
    return super.read();
  }

  #failAt(verb: Fault['verb']): void {
    if (this.#fault.verb === verb && ++this.#calls >= this.#fault.at) throw new Error(`${this.name}: ${verb} failed`);
  }
}

/** An axis that takes a millisecond per unit, and stops where it is. */
export class RandomAxis extends Device {
  position = 0;
  readonly #clock: ManualClock;
  #move: { readonly status: Status; readonly timer: Disposable } | null = null;

  constructor(name: string, clock: ManualClock) {
    super(name);
    this.#clock = clock;
  }

  get moving(): boolean {
    return this.#move !== null;
  }
  get hints() {
    return { fields: [this.name] };
  }
  set(target: number): Status {
    this.#end();
    const status = new Status({ label: `${this.name}.set` });
    const timer = this.#clock.setTimeout(
      () => {
        this.position = target;
        this.#end();
      },
      Math.abs(target - this.position),
    );
    this.#move = { status, timer };
    return status;
  }
  stop(): void {
    this.#end();
  }
  read(): Record<string, Reading> {
    return { [this.name]: { value: this.position, timestamp: this.#clock.now() } };
  }
  describe(): Record<string, DataKey> {
    return { [this.name]: { source: 'SIM', dtype: 'number', shape: [], units: 'um' } };
  }
  override readConfiguration(): Record<string, Reading> {
    return {};
  }
  override describeConfiguration(): Record<string, DataKey> {
    return {};
  }

  #end(): void {
    const move = this.#move;
    this.#move = null;
    move?.timer[Symbol.dispose]();
    move?.status.setFinished();
  }
}

/** A value that tells who listens. */
export class RandomSignal extends Device {
  readonly listeners = new Set<(readings: Record<string, Reading>) => void>();
  #value = 0;

  put(value: number): void {
    this.#value = value;
    for (const listener of this.listeners) listener(this.read());
  }
  subscribe(listener: (readings: Record<string, Reading>) => void): void {
    this.listeners.add(listener);
    listener(this.read());
  }
  clearSub(listener: (readings: Record<string, Reading>) => void): void {
    this.listeners.delete(listener);
  }
  read(): Record<string, Reading> {
    return { [this.name]: { value: this.#value, timestamp: 0 } };
  }
  describe(): Record<string, DataKey> {
    return { [this.name]: { source: 'SIM', dtype: 'number', shape: [] } };
  }
  override readConfiguration(): Record<string, Reading> {
    return {};
  }
  override describeConfiguration(): Record<string, DataKey> {
    return {};
  }
}

/** Devices of one random plan. */
export interface RandomBench {
  readonly detectors: readonly RandomDetector[];
  readonly axes: readonly RandomAxis[];
  readonly signal: RandomSignal;
}

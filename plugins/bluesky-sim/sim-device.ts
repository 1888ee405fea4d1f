import { Device, finishedStatus, type Status } from 'redsun/sdk/device';
import type { DataKey, Reading } from 'redsun/sdk/events';
import { type Clock, type NewUid, randomUid } from 'redsun/sdk/util';

/** What was asked of the devices, in order. The methods are called as in Python: `clear_sub`. */
export type CallLog = [device: string, method: string, ...args: unknown[]][];

/** What a device is built into. The context of a session fits; a test gives what it looks at. */
export interface Surroundings {
  /** Dates the readings. Default: the time of the machine. */
  readonly clock?: Pick<Clock, 'now'>;
  /** The devices beside it, by name. */
  readonly devices?: ReadonlyMap<string, unknown>;
  /** Takes down what is asked of the device. Share one to see the order over several devices. */
  readonly calls?: CallLog;
  /** Uids of documents about files. Default: random. */
  readonly newUid?: NewUid;
  /** The device that it is a part of. */
  readonly parent?: unknown;
}

/** What the devices of this bundle have in common. They do everything at once, so that a plan is all there is to see. */
export abstract class SimDevice extends Device {
  protected readonly newUid: NewUid;
  protected readonly neighbours: ReadonlyMap<string, unknown>;
  readonly #calls: CallLog | null;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #parent: unknown;

  constructor(name: string, { clock, devices, calls, newUid, parent }: Surroundings = {}) {
    super(name);
    this.#clock = clock ?? { now: () => Date.now() / 1000 };
    this.#calls = calls ?? null;
    this.#parent = parent ?? null;
    this.neighbours = devices ?? new Map();
    this.newUid = newUid ?? randomUid;
  }

  override get parent(): unknown {
    return this.#parent;
  }

  protected called(method: string, ...args: unknown[]): void {
    this.#calls?.push([this.name, method, ...args]);
  }

  protected now(): number {
    return this.#clock.now();
  }

  protected reading<Value>(value: Value): Reading<Value> {
    return { value, timestamp: this.now() };
  }

  /** Of something that is done as soon as it is asked for. */
  protected finished(method: string): Status {
    return finishedStatus(`${this.name}.${method}`);
  }
}

/** The data key of a number. */
export function numberKey(key: string): DataKey {
  return { source: `SIM:${key}`, dtype: 'number', shape: [] };
}

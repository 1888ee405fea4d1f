import type { PDevice } from '../device/protocols.ts';
import type { ServedChannel } from './channel.ts';

/** What makes an object a presenter. */
export interface PPresenter {
  /** Unique in the session. */
  readonly name: string;
  /** Devices of the session, by name. */
  readonly devices: ReadonlyMap<string, PDevice>;
  /** What it offers to views; absent for presenters without a view. */
  readonly channel?: ServedChannel;
}

/** Base class of presenters: the logic between devices and views. */
export abstract class Presenter implements PPresenter {
  /** Unique in the session. */
  readonly name: string;
  /** The very map that it was given: devices of the session, by name. */
  readonly devices: ReadonlyMap<string, PDevice>;
  /** What it offers to views; absent for presenters without a view. */
  readonly channel?: ServedChannel;

  /** @param name - unique in the session. @param devices - by name. @throws TypeError when it is called for `Presenter` itself. */
  constructor(name: string, devices: ReadonlyMap<string, PDevice>) {
    if (new.target === Presenter) throw new TypeError("Can't instantiate abstract class Presenter");
    this.name = name;
    this.devices = devices;
  }
}

/** True when `value` has name and devices. */
export function isPPresenter(value: unknown): value is PPresenter {
  return typeof value === 'object' && value !== null && 'name' in value && 'devices' in value;
}

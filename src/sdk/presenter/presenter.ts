import type { PDevice } from '../device/protocols.ts';
import type { ServedChannel } from './channel.ts';

/** What makes an object a presenter. */
export interface PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  /** What it offers to views; absent for presenters without a view. */
  readonly channel?: ServedChannel;
}

/** Base class of presenters: the logic between devices and views. */
export abstract class Presenter implements PPresenter {
  readonly name: string;
  readonly devices: ReadonlyMap<string, PDevice>;
  readonly channel?: ServedChannel;

  constructor(name: string, devices: ReadonlyMap<string, PDevice>) {
    if (new.target === Presenter) throw new TypeError("Can't instantiate abstract class Presenter");
    this.name = name;
    this.devices = devices;
  }
}

export function isPPresenter(value: unknown): value is PPresenter {
  return typeof value === 'object' && value !== null && 'name' in value && 'devices' in value;
}

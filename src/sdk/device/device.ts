import type { DataKey, Reading } from '../events/documents.ts';
import type { Awaitable, PDevice } from './protocols.ts';

/** Base class of devices. Subclasses take `(name, options, context)`; the session file gives the options. */
export abstract class Device implements PDevice {
  readonly #name: string;

  constructor(name: string) {
    if (new.target === Device) throw new TypeError("Can't instantiate abstract class Device");
    this.#name = name;
  }

  /** Unique in the session. */
  get name(): string {
    return this.#name;
  }

  /** Always null: devices of the session have no parent. */
  get parent(): unknown {
    return null;
  }

  abstract describeConfiguration(): Awaitable<Record<string, DataKey>>;
  abstract readConfiguration(): Awaitable<Record<string, Reading>>;
}

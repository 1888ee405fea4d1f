import type { DataKey, Reading } from '../events/documents.ts';
import type { Awaitable, PDevice } from './protocols.ts';

/** Base class of devices. Subclasses take `(name, options, context)`; the session file gives the options. */
export abstract class Device implements PDevice {
  readonly #name: string;

  /** @param name - unique in the session. @throws TypeError when it is called for `Device` itself. */
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

  /** Unit, type and limits of each key of `readConfiguration`. */
  abstract describeConfiguration(): Awaitable<Record<string, DataKey>>;
  /** What the device is set to, with the Unix time, s, of each value. */
  abstract readConfiguration(): Awaitable<Record<string, Reading>>;
}

import { toDisposable } from '../util/disposable.ts';

const BRAND = Symbol.for('redsun.signal');

/**
 * Announces facts: `positionChanged`, never `move`. Slots run in the order they were connected, at once, in the emitter's turn;
 * a slot that throws is reported to `onSlotError` and the others still run.
 */
export class Signal<Args extends readonly unknown[] = []> {
  /** Recognised by brand: bundles may carry their own copy of the SDK. */
  readonly [BRAND] = true;
  /** Where errors of slots go; replaced by the container on registration. Without one they are thrown in a microtask. */
  onSlotError: (error: unknown) => void = (error) =>
    queueMicrotask(() => {
      throw error;
    });
  #slots: readonly ((...args: Args) => void)[] = [];

  /** Calls `slot` with every emission from now on. Dispose to disconnect. */
  connect(slot: (...args: Args) => void): Disposable {
    this.#slots = [...this.#slots, slot];
    return toDisposable(() => this.disconnect(slot));
  }

  /** Takes one connection of `slot` back, the last one; nothing when there is none. */
  disconnect(slot: (...args: Args) => void): void {
    const at = this.#slots.lastIndexOf(slot);
    if (at >= 0) this.#slots = this.#slots.filter((_, index) => index !== at);
  }

  /** Whether anybody hears what is emitted. */
  get connected(): boolean {
    return this.#slots.length > 0;
  }

  /** Calls every slot, now. */
  emit(...args: Args): void {
    for (const slot of this.#slots) {
      try {
        slot(...args);
      } catch (error) {
        this.onSlotError(error);
      }
    }
  }
}

/** Recognised by brand: bundles may carry their own copy of the SDK. */
export function isSignal(value: unknown): value is Signal<unknown[]> {
  return typeof value === 'object' && value !== null && BRAND in value;
}

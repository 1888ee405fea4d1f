import type { AbstractClass } from '../util/abstract-class.ts';
import type { StorageProxy } from './storage-proxy.ts';

const BRAND = Symbol.for('redsun.storage-descriptor');

/**
 * Declares, on the class of a device, that its instances write frames: `static readonly storage = new StorageDescriptor()`.
 * `withStorage(Base)` declares it and brings the slot that goes with it.
 */
export class StorageDescriptor {
  /** Recognised by brand: bundles may carry their own copy of the SDK. */
  readonly [BRAND] = true;
}

/** A device that writes frames: the host fills the slot before the device is used, null when the session has no writer. */
export interface HasStorage {
  /** Where the frames go. */
  storage: StorageProxy | null;
}

/**
 * True when a class in the chain of `value`'s class declares a `StorageDescriptor` under the name `storage`.
 * A field that merely has that name is none: the device did not ask for a writer.
 */
export function hasStorage(value: unknown): value is HasStorage {
  if (typeof value !== 'object' || value === null) return false;
  for (let type: unknown = value.constructor; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const declared = Object.getOwnPropertyDescriptor(type, 'storage')?.value;
    if (typeof declared === 'object' && declared !== null && declared[BRAND] === true) return true;
  }
  return false;
}

/** A class as `Base` whose instances have the slot. */
export type WithStorage<Base extends AbstractClass> = Omit<Base, 'prototype'> & {
  /** What its instances have. */
  readonly prototype: InstanceType<Base> & HasStorage;
  /** The declaration that `hasStorage` looks for. */
  readonly storage: StorageDescriptor;
} & (abstract new (
    ...args: ConstructorParameters<Base>
  ) => InstanceType<Base> & HasStorage);

/** A base class for devices that write frames: `class MyCamera extends withStorage(Device)`. */
export function withStorage<Base extends AbstractClass>(base: Base): WithStorage<Base> {
  // A mixin cannot be typed without `any`: the constructor is passed through as it is.
  const plain = base as unknown as new (...args: unknown[]) => object;
  abstract class Storing extends plain {
    static readonly storage = new StorageDescriptor();
    #storage: StorageProxy | null = null;

    get storage(): StorageProxy | null {
      return this.#storage;
    }

    set storage(storage: StorageProxy | null) {
      this.#storage = storage;
    }
  }
  return Storing as unknown as WithStorage<Base>;
}

import { KitDevice } from 'redsun/sdk/device/kit';

/** What the simulated devices have in common. */
export abstract class SimDevice extends KitDevice {
  protected override get source(): string {
    return sourceOf(this.name);
  }
}

/** Where the values of a simulated device come from, for the record. */
export function sourceOf(device: string): string {
  return `sim:${device}`;
}

import type { DeviceContext } from 'redsun/sdk/device';
import { StandardSelector } from 'redsun/sdk/device/kit';
import { sourceOf } from '../sim-device.ts';

/** What turns to one of several labelled positions, the short way round. */
export abstract class LabelledMotion extends StandardSelector {
  readonly #moveMsPerPosition: number;

  constructor(
    name: string,
    context: DeviceContext,
    labels: readonly string[],
    { start, moveMsPerPosition }: { readonly start: string | undefined; readonly moveMsPerPosition: number },
  ) {
    super(name, { labels, start }, context);
    this.#moveMsPerPosition = moveMsPerPosition;
  }

  protected turnTo(label: string, signal: AbortSignal): Promise<void> {
    const steps = Math.abs(this.labels.indexOf(label) - this.labels.indexOf(this.selected));
    const shortest = Math.min(steps, this.labels.length - steps);
    return this.context.clock.sleep(shortest * this.#moveMsPerPosition, signal);
  }

  protected override get source(): string {
    return sourceOf(this.name);
  }
}

import type { DeviceContext } from 'redsun/sdk/device';
import { StandardXYStage } from 'redsun/sdk/device/kit';
import { z } from 'zod';
import { motorOptions, SangaboardAxis } from './sangaboard-axis.ts';

/** Limits and steps hold for both axes. */
export const sangaboardXYOptions = z.strictObject(motorOptions);
export type SangaboardXYOptions = z.infer<typeof sangaboardXYOptions>;

/** The motors x and y of a Sangaboard. They move one after the other. */
export class SangaboardXYStage extends StandardXYStage<SangaboardAxis> {
  static readonly options = sangaboardXYOptions;

  constructor(name: string, options: SangaboardXYOptions, context: DeviceContext) {
    super(name, context, (axis, motor, stage) => new SangaboardAxis(axis, { axis: motor, ...options }, context, stage));
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await this.x.connect(signal);
    await this.y.connect(signal);
  }

  async shutdown(): Promise<void> {
    await Promise.all([this.x.shutdown(), this.y.shutdown()]);
  }
}

import type { DeviceContext } from 'redsun/sdk/device';
import { SangaboardAxis, type SangaboardAxisOptions, sangaboardAxisOptions } from './sangaboard-axis.ts';
import { SangaboardBoards } from './sangaboard-boards.ts';
import { type SangaboardXYOptions, SangaboardXYStage, sangaboardXYOptions } from './sangaboard-xy-stage.ts';

/** A device class as the host makes devices of. */
type DeviceClass<Options, D> = {
  readonly options: unknown;
  new (name: string, options: Options, context: DeviceContext): D;
};

/** The device classes of one session by plugin id. They share boards, so that all axes of a board use one port. */
export function sangaboardDrivers(boards: SangaboardBoards = new SangaboardBoards()): {
  readonly 'sangaboard-axis': DeviceClass<SangaboardAxisOptions, SangaboardAxis>;
  readonly 'sangaboard-xy': DeviceClass<SangaboardXYOptions, SangaboardXYStage>;
} {
  return {
    'sangaboard-axis': class extends SangaboardAxis {
      static readonly options = sangaboardAxisOptions;
      constructor(name: string, options: SangaboardAxisOptions, context: DeviceContext) {
        super(name, options, context, boards);
      }
    },
    'sangaboard-xy': class extends SangaboardXYStage {
      static readonly options = sangaboardXYOptions;
      constructor(name: string, options: SangaboardXYOptions, context: DeviceContext) {
        super(name, options, context, boards);
      }
    },
  };
}

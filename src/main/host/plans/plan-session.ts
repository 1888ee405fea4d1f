import { isCamera, isLight, isXYStage, type PDevice } from 'redsun/sdk/device';
import type { Logger } from 'redsun/sdk/log';
import type { PlanSession } from 'redsun/sdk/plans';
import type { PlanItem } from '../../../shared/channels/acquisition.ts';
import { findFocus, type MdaOptics } from './mda-plan.ts';

/** What the session has for the plan of an item. */
export function sessionOf(
  devices: readonly PDevice[],
  options: {
    readonly channels: Pick<MdaOptics, 'channelPlans'>;
    readonly nowS: () => number;
    readonly item: PlanItem;
    readonly logger: Logger;
  },
): PlanSession {
  const xy = devices.find(isXYStage) ?? null;
  return {
    channels: options.channels.channelPlans(),
    cameras: devices.filter(isCamera),
    lights: devices.filter(isLight),
    xy,
    focus: findFocus([...devices], xy),
    nowS: options.nowS,
    logger: options.logger,
    metadata: options.item.meta,
  };
}

import { expect } from 'vitest';
import { acquisitionChannel } from '../../src/shared/channels/acquisition.ts';
import { cameraChannel } from '../../src/shared/channels/camera.ts';
import { lightChannel } from '../../src/shared/channels/light.ts';
import { item } from '../host/test-host.ts';
import type { LaserOnALine } from './laser-on-a-line.ts';
import type { ServedMicroscope } from './served-microscope.ts';

/** What is going on when something happens. */
/** `exposures`: many short ones, one after the other. */
export const MOMENTS = ['lit by hand', 'Live', 'exposure', 'pause'] as const;
export type Moment = (typeof MOMENTS)[number] | 'exposures';

/** Longer than anything that may happen meanwhile. */
const EXPOSURE_MS = 9_000;
/** More than there is time for. */
const MANY = 10_000;

/** Brings a microscope there. Resolves when the laser itself says so. */
export async function reach(
  moment: Moment,
  microscope: ServedMicroscope,
  laser: LaserOnALine,
  exposureMs: number = EXPOSURE_MS,
): Promise<void> {
  const { bridge } = microscope;
  switch (moment) {
    case 'lit by hand':
      await bridge.channel(lightChannel).call('setLight', { light: 'laser', on: true, intensityPercent: 40 });
      await laser.becomes(true);
      break;
    case 'Live':
      await bridge.channel(cameraChannel).call('startLive', { camera: 'camera' });
      await laser.becomes(true);
      break;
    case 'exposure':
    case 'exposures':
    case 'pause': {
      const loops = moment === 'exposures' ? MANY : 1;
      const sequence = { channels: [{ config: 'TRITC', exposure: exposureMs }], time_plan: { interval: 0, loops } };
      await bridge.channel(acquisitionChannel).call('run', { item: item('mda', { sequence }) });
      await laser.becomes(true);
      if (moment !== 'pause') break;
      await bridge.channel(acquisitionChannel).call('pause', { defer: false });
      await laser.becomes(false);
      await expect.poll(() => microscope.acquisition()?.engine).toBe('paused');
    }
  }
}

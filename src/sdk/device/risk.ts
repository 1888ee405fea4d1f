import type { SafeState } from './link.ts';
import { isFlyable, isMovable, isStoppable } from './protocols.ts';
import { isAxis, isCamera, isLight, isShutter, isXYStage } from './roles.ts';

/** What a device may do to a sample when nobody looks after it: what STOP is there for. Null: neither. */
export function riskOf(device: unknown): SafeState['order'] | null {
  if (isLight(device) || isShutter(device)) return 'light';
  if (isAxis(device) || isXYStage(device)) return 'motion';
  if (isCamera(device) || !isStoppable(device)) return null;
  return isMovable(device) || isFlyable(device) ? 'motion' : null;
}

import {
  isAxis,
  isCamera,
  isFlyable,
  isLight,
  isMovable,
  isShutter,
  isStoppable,
  isXYStage,
  type SafeState,
} from 'redsun/sdk/device';

/** What a device may do to a sample when nobody looks after it: what STOP is there for. Null: neither. */
export function riskOf(device: unknown): SafeState['order'] | null {
  if (isLight(device) || isShutter(device)) return 'light';
  if (isAxis(device) || isXYStage(device)) return 'motion';
  if (isCamera(device) || !isStoppable(device)) return null;
  return isMovable(device) || isFlyable(device) ? 'motion' : null;
}

/** Says that a device shines or moves and that only this program can end it; null: it does neither, or is protected. */
export function unprotectedWords(name: string, device: unknown, states: readonly SafeState[]): string | null {
  const risk = riskOf(device);
  if (risk === null || states.some(({ order }) => order === risk)) return null;
  const what = risk === 'light' ? 'put it out' : 'halt it';
  return `${name} (${risk}): the guardian cannot ${what}, as its driver describes no safe state`;
}

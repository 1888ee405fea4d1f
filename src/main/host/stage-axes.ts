import { type Axis, isXYStage, type PDevice } from 'redsun/sdk/device';
import type { StageAxes } from '../storage/layout/image-course.ts';
import { findFocus } from './plans/mda-plan.ts';

/** The axes by which frames say where they were taken. */
export function stageAxes(devices: ReadonlyMap<string, PDevice>): StageAxes {
  const all = [...devices.values()];
  const xy = all.find(isXYStage) ?? null;
  return { x: known(xy?.x ?? null), y: known(xy?.y ?? null), z: known(findFocus(all, xy)) };
}

/** An axis that turns has no place in the picture. */
function known(axis: Axis | null): StageAxes['x'] {
  return axis?.units === 'um' ? { name: axis.name, toleranceUm: axis.tolerance } : null;
}

import { RedsunError, ValueError } from '../../util/index.ts';
import type { CameraSettings, TriggerInfo } from '../roles.ts';
import type { TriggerLogic } from './camera-logic.ts';

/** @throws ValueError for what makes no sense; RedsunError `device/unsupported`, `device/limit` for what this camera cannot do */
export function checkTriggerInfo(
  camera: string,
  info: TriggerInfo,
  logic: TriggerLogic,
  settings: CameraSettings,
): void {
  const { frames, trigger = 'internal', deadTimeS, collectionsPerEvent = 1 } = info;
  if (!Number.isInteger(frames) || frames < 0) {
    throw new ValueError(`${camera}: frames must be a whole number from 0 on, not ${String(frames)}`);
  }
  if (!Number.isInteger(collectionsPerEvent) || collectionsPerEvent < 1) {
    const got = String(collectionsPerEvent);
    throw new ValueError(`${camera}: collections per event must be a whole number from 1 on, not ${got}`);
  }
  const known: readonly string[] = logic.triggers ?? ['internal'];
  if (!known.includes(trigger)) {
    throw new RedsunError('device/unsupported', `${camera}: no ${trigger} trigger; it knows ${known.join(', ')}`);
  }
  const leastS = logic.deadTimeS?.(settings) ?? 0;
  if (deadTimeS === undefined || deadTimeS >= leastS) return;
  const words = `a dead time of ${deadTimeS} s is too short; after an exposure it hears no trigger for ${leastS} s`;
  throw new RedsunError('device/limit', `${camera}: ${words}`);
}

import type { Estimate } from '../../../shared/channels/acquisition.ts';
import { formatBytes } from '../../../ui/index.ts';

/** What is said of the disk before a run, and how loudly. */
export interface RoomWords {
  readonly words: string;
  readonly tone: '' | 'is-warn' | 'is-danger';
}

/** Whether the images fit on the disk. */
export function roomWords({
  bytes,
  bytesKind,
  freeBytes,
}: Pick<Estimate, 'bytes' | 'bytesKind' | 'freeBytes'>): RoomWords {
  const left = freeBytes - bytes;
  if (bytesKind === 'atMost') {
    return left >= 0
      ? { words: `Fits, leaves ${formatBytes(left)} or more`, tone: '' }
      : { words: `May not fit, ${formatBytes(freeBytes)} free`, tone: 'is-warn' };
  }
  return left >= 0
    ? { words: `Fits, leaves ${formatBytes(left)}`, tone: '' }
    : { words: `Needs ${formatBytes(-left)} more space`, tone: 'is-danger' };
}

/** How much of the disk's speed a run asks for; null: nobody knows. */
export function speedWords({
  bytesKind,
  neededBytesPerS,
  diskBytesPerS,
}: Pick<Estimate, 'bytesKind' | 'neededBytesPerS' | 'diskBytesPerS'>): RoomWords | null {
  if (diskBytesPerS === null) return null;
  const takes = `Disk takes ${formatBytes(diskBytesPerS)}/s`;
  if (neededBytesPerS === null) return { words: takes, tone: '' };
  const upTo = bytesKind === 'atMost' ? 'up to ' : '';
  const words = `${takes}, needs ${upTo}${formatBytes(neededBytesPerS)}/s`;
  return { words, tone: neededBytesPerS > diskBytesPerS ? 'is-warn' : '' };
}

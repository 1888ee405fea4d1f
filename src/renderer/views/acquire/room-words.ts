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

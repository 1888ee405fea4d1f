import type { OpticalChannel } from '../../../shared/channels/session.ts';
import { formatDuration, formatShort } from '../../../ui/index.ts';
import type { AcquireAxis, AcquireForm } from '../../stores/acquire-form-store.ts';
import { choiceOf, zRangeUm } from './build-item.ts';

export interface SummaryRow {
  readonly axis: AcquireAxis;
  readonly title: string;
  /** null: the axis is off. */
  readonly words: string | null;
}

const LETTERS: Readonly<Record<string, AcquireAxis>> = { t: 'time', p: 'positions', z: 'z', c: 'channels' };

/** The ticked axes in words, outermost first. */
export function summaryRows(form: AcquireForm, channels: readonly OpticalChannel[]): readonly SummaryRow[] {
  const names = channels.filter((channel) => choiceOf(form, channels, channel).use).map(({ name }) => name);
  const words: Readonly<Record<AcquireAxis, readonly [string, string]>> = {
    time: ['Time', `${form.times} times, every ${formatDuration(form.intervalS)}`],
    positions: ['Positions', `${form.positions.length}`],
    z: [
      'Z stack',
      `±${formatShort(zRangeUm(form) / 2, 2)} µm, ${form.planes} planes of ${formatShort(form.zStepUm, 3)} µm`,
    ],
    channels: ['Channels', names.join(', ') || 'none'],
  };
  return [...form.order].flatMap((letter) => {
    const axis = LETTERS[letter];
    if (!axis) return [];
    const [title, text] = words[axis];
    return [{ axis, title, words: form.use[axis] ? text : null }];
  });
}

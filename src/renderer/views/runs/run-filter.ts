import type { RunSearch } from '../../../shared/channels/review.ts';
import { formatDate } from '../../../ui/index.ts';

export const RUN_STATUSES = ['success', 'abort', 'fail', 'unfinished'] as const;
export const RUN_PERIODS = ['today', 'week', 'month', 'year'] as const;

/** What the fields above the list say; null: any. */
export interface RunFilter {
  readonly text: string;
  readonly status: (typeof RUN_STATUSES)[number] | null;
  readonly plan: string | null;
  readonly period: (typeof RUN_PERIODS)[number] | null;
}

export const ANY_RUN: RunFilter = { text: '', status: null, plan: null, period: null };

export const STATUS_WORDS: Readonly<Record<(typeof RUN_STATUSES)[number], string>> = {
  success: 'Done',
  abort: 'Aborted',
  fail: 'Failed',
  unfinished: 'Unfinished',
};

export const PERIOD_WORDS: Readonly<Record<(typeof RUN_PERIODS)[number], string>> = {
  today: 'Today',
  week: '7 days',
  month: '30 days',
  year: '365 days',
};

const PERIOD_DAYS = { today: 1, week: 7, month: 30, year: 365 } as const;

export function isNarrowed(filter: RunFilter): boolean {
  return filter.text.trim() !== '' || filter.status !== null || filter.plan !== null || filter.period !== null;
}

/** The question to the host. @param nowS - Unix time, s: the last day of a period is today. */
export function searchOf(
  { text, status, plan, period }: RunFilter,
  nowS: number,
): Omit<RunSearch, 'offset' | 'limit' | 'refresh'> {
  const trimmed = text.trim();
  return {
    ...(trimmed !== '' && { text: trimmed }),
    ...(status !== null && { status }),
    ...(plan !== null && { plan }),
    ...(period !== null && { from: daysBefore(nowS, PERIOD_DAYS[period] - 1) }),
  };
}

/** A day has 23 or 25 hours now and then, so days are counted by the calendar. */
function daysBefore(nowS: number, days: number): string {
  const date = new Date(nowS * 1000);
  date.setHours(12, 0, 0, 0);
  date.setDate(date.getDate() - days);
  return formatDate(date.getTime() / 1000);
}

import type { ExitStatus } from '../../../sdk/events/index.ts';
import { localDate } from '../../../sdk/storage/index.ts';
import type { RunRecord } from './run-record.ts';

/** Which runs are asked for; what is absent does not narrow the search. */
export interface RunQuery {
  /** Words, all of which must occur in name, plan, sample, reason or metadata; or the beginning of a uid. */
  readonly text?: string;
  /** `unfinished`: it runs, or the program ended before it did. */
  readonly status?: ExitStatus | 'unfinished';
  readonly plan?: string;
  readonly sample?: string;
  /** First and last day, `YYYY-MM-DD`, where the microscope stands. */
  readonly from?: string;
  readonly to?: string;
}

/** A run, and what of it searches look at: made once, since there may be thousands. */
export interface SearchableRun {
  readonly run: RunRecord;
  readonly text: string;
  readonly day: string;
}

export function searchable(run: RunRecord): SearchableRun {
  const text = `${run.id} ${run.plan} ${run.sample ?? ''} ${run.reason} ${run.keywords}`.toLowerCase();
  return { run, text, day: localDate(run.startTime) };
}

/** Those of `runs` that are asked for, in the same order. */
export function matchRuns(runs: readonly SearchableRun[], query: RunQuery): RunRecord[] {
  const words = (query.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const { status, plan, sample, from = '', to = '9999-12-31' } = query;
  const found = runs.filter(({ run, text, day }) => {
    if (status !== undefined && (run.exitStatus ?? 'unfinished') !== status) return false;
    if (plan !== undefined && run.plan !== plan) return false;
    if (sample !== undefined && run.sample !== sample) return false;
    return day >= from && day <= to && words.every((word) => text.includes(word) || run.uid?.startsWith(word));
  });
  return found.map(({ run }) => run);
}

import type { RunResult } from '../../shared/channels/acquisition.ts';
import { durationRangeAs, formatDuration, formatNumber } from '../../ui/index.ts';
import type { HostStore } from './host-store.ts';
import type { ReviewStore } from './review-store.ts';
import { addToast, type WindowStore } from './window-store.ts';

/** Says how each run ended, and offers to look at it; one that is looked at is read anew. Returns what stops the watch. */
export function watchRuns(
  host: HostStore,
  view: WindowStore,
  review: Pick<ReviewStore, 'openRun' | 'getState'>,
): () => void {
  return host.subscribe(({ acquisition }, before) => {
    const last = acquisition?.last ?? null;
    // The first state tells of a run that ended before this window looked.
    if (last === null || before.acquisition === null || last.runId === before.acquisition.last?.runId) return;
    if (review.getState().opened?.runId === last.runId) void review.openRun(last.runId);
    addToast(view, {
      ...endOf(last),
      // Of a dry run there is nothing to look at.
      ...(last.folder !== '' && {
        action: {
          label: 'Review',
          run: () => {
            view.setState({ layout: 'review' });
            void review.openRun(last.runId);
          },
        },
      }),
    });
  });
}

function endOf(run: RunResult): {
  readonly kind: 'done' | 'warn' | 'error';
  readonly title: string;
  readonly detail: string;
} {
  const missing =
    run.expectedFrames === null || run.expectedFrames === run.frames ? '' : ` of ${formatNumber(run.expectedFrames)}`;
  const frames = `${formatNumber(run.frames)}${missing} ${run.frames === 1 && !missing ? 'frame' : 'frames'} ${run.folder === '' ? 'taken, nothing kept' : 'saved'}`;
  const none = run.frames === 0 && run.expectedFrames === null && run.folder === '';
  const state = run.folder === '' || run.frames === 0 ? '' : ', readable as they are';
  const predicted = run.predictedS && durationRangeAs(run.predictedS.low, run.predictedS.high);
  const estimate = predicted ? ` Estimated ${predicted.value} ${predicted.unit}.` : '';
  const reason = run.reason === '' ? '' : ` ${run.reason}`;
  const late = run.scheduleNote === null ? '' : ` ${run.scheduleNote}.`;
  const after = `after ${formatDuration(run.elapsedS)}`;
  switch (run.exitStatus) {
    case 'success':
      // Of a run that came to its end there is no more to say.
      if (run.reason !== '') {
        return { kind: 'warn', title: `Run ${run.name} stopped ${after}`, detail: `${frames}${state}.${late}` };
      }
      return {
        kind: run.scheduleNote === null ? 'done' : 'warn',
        title: `Run ${run.name} done in ${formatDuration(run.elapsedS)}`,
        detail: none ? estimate.trim() : `${frames}.${estimate}${late}`,
      };
    case 'abort':
      return {
        kind: 'warn',
        title: `Run ${run.name} aborted ${after}`,
        detail: `${frames}${state}.${reason}`,
      };
    case 'fail':
      return {
        kind: 'error',
        title: `Run ${run.name} failed ${after}`,
        detail: `${frames}${state}.${reason}`,
      };
  }
}

import { CircleCheck, CircleX, Octagon, TriangleAlert } from 'lucide-react';
import type { JSX } from 'react';
import type { RunSummary } from '../../../shared/channels/review.ts';
import { formatBytes, formatClock, formatDuration, formatNumber, Pill } from '../../../ui/index.ts';

export interface RunCardProps {
  readonly run: RunSummary;
  readonly isSelected: boolean;
  readonly isOpen: boolean;
  /** The one of the list that Tab reaches. */
  readonly isActive: boolean;
  readonly onOpen: () => void;
  readonly onFocus: () => void;
}

/** A run in three lines: how it ended, what it was of, how much there is and when. */
export function RunCard({ run, isSelected, isOpen, isActive, onOpen, onFocus }: RunCardProps): JSX.Element {
  const words = [
    !run.kept && 'Dry run, nothing was kept',
    run.plan,
    run.sample,
    partWords(run),
    durableWords(run),
    run.reason,
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <button
      type="button"
      className={`run-card ${isSelected ? 'is-selected' : ''}`}
      aria-current={isOpen}
      tabIndex={isActive ? 0 : -1}
      data-run={run.id}
      onClick={onOpen}
      onFocus={onFocus}
    >
      <span className="row">
        <strong className="cut grow">{run.name}</strong>
        <StatusPill run={run} />
      </span>
      <span className="small muted cut" title={words}>
        {words}
      </span>
      <span className="row small muted">
        <span className="cut">
          {formatNumber(run.frames)} {run.frames === 1 ? 'frame' : 'frames'}
          {run.bytes !== null && ` · ${formatBytes(run.bytes)}`}
        </span>
        <span className="push">
          {formatClock(run.startedAt)}
          {run.elapsedS !== null && ` · ${formatDuration(run.elapsedS)}`}
        </span>
      </span>
    </button>
  );
}

/** A run that was stopped is done, and is not the whole of what was asked for. */
function partWords({ points }: RunSummary): string | null {
  if (points === null || points.taken >= points.planned) return null;
  return `${formatNumber(points.taken)} of ${formatNumber(points.planned)} points`;
}

/** Nothing where all frames are, which is the rule. */
function durableWords({ running, durable, frames }: RunSummary): string | null {
  if (running || durable === null || durable >= frames) return null;
  return `${formatNumber(durable)} of ${formatNumber(frames)} known to be on the disk`;
}

function StatusPill({ run }: { readonly run: RunSummary }): JSX.Element {
  if (run.running) return <Pill tone="live">Running</Pill>;
  switch (run.exitStatus) {
    case 'success':
      return (
        <Pill tone="live">
          <CircleCheck aria-hidden />
          Done
        </Pill>
      );
    case 'abort':
      return (
        <Pill tone="warn">
          <Octagon aria-hidden />
          Aborted
        </Pill>
      );
    case 'fail':
      return (
        <Pill tone="danger">
          <CircleX aria-hidden />
          Failed
        </Pill>
      );
    case null:
      return (
        <Pill tone="warn">
          <TriangleAlert aria-hidden />
          Unfinished
        </Pill>
      );
  }
}

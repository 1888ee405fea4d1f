import { CircleCheck, CircleX, Database, FolderOpen, Octagon, RefreshCw, TriangleAlert } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../../shared/channels/review.ts';
import {
  Button,
  EmptyState,
  formatBytes,
  formatClock,
  formatDate,
  formatDuration,
  formatNumber,
  IconButton,
  Notice,
  Pill,
} from '../../../ui/index.ts';
import { useServices } from '../../stores/services.tsx';
import { useRuns } from './use-runs.ts';
import './runs.css';

/** The runs of this session's folder, and any other store by its path. */
export function RunsView(): JSX.Element {
  const { review } = useServices();
  const { runs, problem, reload } = useRuns();
  const openedId = useStore(review, (state) => state.opened?.runId ?? null);
  const wanted = useStore(review, (state) => state.wanted);
  const days = groupByDay(runs ?? []);
  return (
    <div className="runs">
      <OpenByPath />
      <div className="runs-head small muted">
        <span>
          {runs === null ? 'Reading the runs' : `${formatNumber(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}`}
        </span>
        <IconButton label="Read again" className="push" onClick={reload}>
          <RefreshCw size={13} aria-hidden />
        </IconButton>
      </div>
      {problem !== null && <Notice tone="danger">{problem}</Notice>}
      <div className="scroll">
        {runs?.length === 0 && (
          <EmptyState icon={<Database size={28} strokeWidth={1.5} aria-hidden />} title="No runs yet">
            What Run acquires is listed here, newest first.
          </EmptyState>
        )}
        {days.map(([day, dayRuns]) => (
          <section key={day} aria-label={day}>
            <h3 className="runs-day small faint">{day}</h3>
            <ul className="runs-list">
              {dayRuns.map((run) => (
                <li key={run.id}>
                  <button
                    type="button"
                    className={`run-card ${run.id === openedId || run.id === wanted ? 'is-selected' : ''}`}
                    aria-current={run.id === openedId}
                    onClick={() => void review.openRun(run.id)}
                  >
                    <span className="row">
                      <strong className="cut grow">{run.name}</strong>
                      <StatusPill run={run} />
                    </span>
                    <span className="small muted cut">
                      {run.plan}
                      {run.sample ? ` · ${run.sample}` : ''}
                      {run.reason ? ` · ${run.reason}` : ''}
                    </span>
                    <span className="row small muted">
                      <span>
                        {formatNumber(run.frames)} {run.frames === 1 ? 'frame' : 'frames'}
                        {run.bytes !== null && ` · ${formatBytes(run.bytes)}`}
                      </span>
                      <span className="push">
                        {formatClock(run.startedAt)}
                        {run.elapsedS !== null && ` · ${formatDuration(run.elapsedS)}`}
                      </span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

function OpenByPath(): JSX.Element {
  const { review } = useServices();
  const [path, setPath] = useState('');
  const open = () => {
    const trimmed = path.trim();
    if (trimmed !== '') void review.openPath(trimmed);
  };
  return (
    <form
      className="open-by-path"
      aria-label="Open a store"
      onSubmit={(event) => {
        event.preventDefault();
        open();
      }}
    >
      <span className="field grow">
        <FolderOpen size={13} aria-hidden />
        <input
          type="text"
          aria-label="Path of a store"
          placeholder="Path of a store on the host"
          spellCheck={false}
          autoComplete="off"
          value={path}
          data-editing={
            path !== '' && document.activeElement?.getAttribute('aria-label') === 'Path of a store' ? '' : undefined
          }
          onChange={(event) => setPath(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setPath('')}
        />
      </span>
      <Button onClick={open} disabled={path.trim() === ''}>
        Open
      </Button>
    </form>
  );
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

function groupByDay(runs: readonly RunSummary[]): readonly (readonly [day: string, runs: readonly RunSummary[]])[] {
  const days = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const day = formatDate(run.startedAt);
    const known = days.get(day);
    if (known) known.push(run);
    else days.set(day, [run]);
  }
  return [...days];
}

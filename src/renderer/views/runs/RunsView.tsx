import { Database, RefreshCw, SearchX, X } from 'lucide-react';
import { type JSX, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { RunPage } from '../../../shared/channels/review.ts';
import { Button, EmptyState, formatNumber, IconButton, Notice } from '../../../ui/index.ts';
import { useServices } from '../../stores/services.tsx';
import { InterruptedRun } from './InterruptedRun.tsx';
import { OpenByPath } from './OpenByPath.tsx';
import { RunFilters } from './RunFilters.tsx';
import { RunList } from './RunList.tsx';
import { ANY_RUN, isNarrowed, type RunFilter } from './run-filter.ts';
import { useRuns } from './use-runs.ts';
import './runs.css';

/** The runs of this session's folder, searched and filtered, and any other store by its path. */
export function RunsView(): JSX.Element {
  const { review } = useServices();
  const [filter, setFilter] = useState<RunFilter>(ANY_RUN);
  const { page, problem, reload, more } = useRuns(filter);
  const openedId = useStore(review, (state) => state.opened?.runId ?? null);
  const wanted = useStore(review, (state) => state.wanted);
  const selected = page?.runs.find(({ id }) => id === openedId || id === wanted);
  const scroller = useRef<HTMLDivElement>(null);
  const change = (next: RunFilter) => {
    setFilter(next);
    if (scroller.current) scroller.current.scrollTop = 0;
  };
  return (
    <div className="runs">
      <OpenByPath />
      <RunFilters
        filter={filter}
        plans={page?.plans ?? []}
        onChange={change}
        onDown={() => scroller.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()}
      />
      <div className="runs-head small muted">
        <output aria-label="Runs found">{countOf(page, filter)}</output>
        <IconButton
          label="Show all runs"
          className="push"
          disabled={!isNarrowed(filter)}
          onClick={() => change(ANY_RUN)}
        >
          <X size={13} aria-hidden />
        </IconButton>
        <IconButton label="Read again" onClick={reload}>
          <RefreshCw size={13} aria-hidden />
        </IconButton>
      </div>
      {problem !== null && <Notice tone="danger">{problem}</Notice>}
      <div className="scroll" ref={scroller}>
        {page?.total === 0 && (
          <EmptyState icon={<Database size={28} strokeWidth={1.5} aria-hidden />} title="No runs yet">
            What Run acquires is listed here, newest first.
          </EmptyState>
        )}
        {page && page.total > 0 && page.matching === 0 && (
          <EmptyState
            icon={<SearchX size={28} strokeWidth={1.5} aria-hidden />}
            title="No run matches"
            actions={<Button onClick={() => change(ANY_RUN)}>Show all runs</Button>}
          >
            Every word must occur in the name, plan, sample, reason or metadata of a run.
          </EmptyState>
        )}
        {page && page.matching > 0 && (
          <RunList
            scroller={scroller}
            runs={page.runs}
            matching={page.matching}
            openedId={openedId}
            wanted={wanted}
            onOpen={(id) => void review.openRun(id)}
            onMore={more}
          />
        )}
      </div>
      {selected && <InterruptedRun key={selected.id} run={selected} />}
    </div>
  );
}

function countOf(page: RunPage | null, filter: RunFilter): string {
  if (page === null) return 'Reading the runs';
  if (isNarrowed(filter)) return `${formatNumber(page.matching)} of ${formatNumber(page.total)}`;
  return `${formatNumber(page.total)} ${page.total === 1 ? 'run' : 'runs'}`;
}

import { type JSX, type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { RunSummary } from '../../../shared/channels/review.ts';
import { RunCard } from './RunCard.tsx';
import { DAY_HEIGHT_PX, drawnRows, RUN_HEIGHT_PX, rowsOf } from './run-rows.ts';

/** The next page is asked for when so little is left below. */
const AHEAD_PX = 20 * RUN_HEIGHT_PX;

/** Runs under the headings of their days; only those in sight are drawn. One tab stop, arrow keys go through it. */
export function RunList(props: {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly runs: readonly RunSummary[];
  readonly matching: number;
  readonly openedId: string | null;
  readonly wanted: string;
  readonly onOpen: (id: string) => void;
  readonly onMore: () => void;
}): JSX.Element {
  const { scroller, runs, matching, openedId, wanted, onOpen, onMore } = props;
  const { rows, heightPx } = useMemo(() => rowsOf(runs), [runs]);
  const [seen, setSeen] = useState({ scrollPx: 0, heightPx: 0 });
  const [activeId, setActiveId] = useState<string | null>(null);
  const [focusId, setFocusId] = useState<string | null>(null);
  const activeIndex = Math.max(
    0,
    runs.findIndex(({ id }) => id === (activeId ?? openedId)),
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setSeen({ scrollPx: element.scrollTop, heightPx: element.clientHeight });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller]);

  const isNearEnd = seen.heightPx > 0 && seen.scrollPx + seen.heightPx > heightPx - AHEAD_PX;
  useEffect(() => {
    if (isNearEnd && runs.length < matching) onMore();
  }, [isNearEnd, runs.length, matching, onMore]);

  // A card is there to be focused only after it was drawn.
  useEffect(() => {
    if (focusId === null) return;
    scroller.current?.querySelector<HTMLElement>(`[data-run="${CSS.escape(focusId)}"]`)?.focus();
    setFocusId(null);
  }, [focusId, scroller]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(seen.heightPx / RUN_HEIGHT_PX) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -runs.length,
      End: runs.length,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const next = runs[Math.min(runs.length - 1, Math.max(0, activeIndex + step))];
    if (!next) return;
    setActiveId(next.id);
    setFocusId(next.id);
  };

  return (
    <ul className="runs-list" aria-label="Runs" style={{ height: heightPx }} onKeyDown={onKeyDown}>
      {drawnRows(rows, seen.scrollPx, seen.heightPx, activeIndex).map((row) =>
        row.kind === 'day' ? (
          <li key={row.day} className="runs-row" style={{ top: row.topPx, height: DAY_HEIGHT_PX }}>
            <h3 className="runs-day small faint">{row.day}</h3>
          </li>
        ) : (
          <li key={row.run.id} className="runs-row" style={{ top: row.topPx, height: RUN_HEIGHT_PX }}>
            <RunCard
              run={row.run}
              isSelected={row.run.id === openedId || row.run.id === wanted}
              isOpen={row.run.id === openedId}
              isActive={row.index === activeIndex}
              onOpen={() => onOpen(row.run.id)}
              onFocus={() => setActiveId(row.run.id)}
            />
          </li>
        ),
      )}
    </ul>
  );
}

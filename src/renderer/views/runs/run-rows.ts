import type { RunSummary } from '../../../shared/channels/review.ts';
import { formatDate } from '../../../ui/index.ts';

/** Fixed, so that a row's place is known without drawing those above it. In runs.css, too. */
export const RUN_HEIGHT_PX = 68;
export const DAY_HEIGHT_PX = 28;
/** Drawn above and below what is seen, so that scrolling does not show a gap. */
const OVERSCAN_PX = 400;

export type RunRow =
  | { readonly kind: 'day'; readonly day: string; readonly topPx: number }
  | { readonly kind: 'run'; readonly run: RunSummary; readonly index: number; readonly topPx: number };

/** The list from top to bottom: a heading per day, then its runs. */
export function rowsOf(runs: readonly RunSummary[]): { readonly rows: readonly RunRow[]; readonly heightPx: number } {
  const rows: RunRow[] = [];
  let topPx = 0;
  let last: string | null = null;
  for (const [index, run] of runs.entries()) {
    const day = formatDate(run.startedAt);
    if (day !== last) {
      rows.push({ kind: 'day', day, topPx });
      topPx += DAY_HEIGHT_PX;
      last = day;
    }
    rows.push({ kind: 'run', run, index, topPx });
    topPx += RUN_HEIGHT_PX;
  }
  return { rows, heightPx: topPx };
}

/** Those to draw: what is seen and a little more, and the run at `kept`, which may have the focus. */
export function drawnRows(
  rows: readonly RunRow[],
  scrollPx: number,
  heightPx: number,
  kept: number,
): readonly RunRow[] {
  const from = scrollPx - OVERSCAN_PX - RUN_HEIGHT_PX;
  const to = scrollPx + heightPx + OVERSCAN_PX;
  return rows.filter((row) => (row.topPx >= from && row.topPx <= to) || (row.kind === 'run' && row.index === kept));
}

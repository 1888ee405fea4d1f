export interface VisibleRows {
  /** First row that is drawn. */
  readonly first: number;
  /** First row after those that are drawn. */
  readonly end: number;
}

/** Rows outside the view that are drawn, too: a turn of the wheel shows no gap. */
const SPARE = 12;

/** Which of `count` rows to draw. */
export function visibleRows(count: number, rowPx: number, scrollPx: number, heightPx: number): VisibleRows {
  const first = Math.max(0, Math.min(count, Math.floor(scrollPx / rowPx)) - SPARE);
  return { first, end: Math.min(count, Math.ceil((scrollPx + heightPx) / rowPx) + SPARE) };
}

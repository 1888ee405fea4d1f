import { CollectThenCompute } from './collect-then-compute.ts';
import { type PeakFigures, peakFigures } from './peak-figures.ts';

/** What PeakStats does beside the usual. */
export interface PeakStatsOptions {
  /** So many points at each end make a line that is taken off first. Default null: nothing is. */
  readonly edgeCount?: number | null;
  /** Also gives the figures of the differences between neighbours. Default false. */
  readonly calcDerivativeAndStats?: boolean;
}

/** Figures of the differences between neighbours. */
export interface DerivativeFigures extends PeakFigures {
  /** All x but the first. */
  readonly x: readonly number[];
  /** Each y less the one before. */
  readonly y: readonly number[];
}

/** Figures of a peak, once the run has ended: centre of mass, middle, width, extremes. */
export class PeakStats extends CollectThenCompute {
  /** Data key of the positions. */
  readonly x: string;
  /** Data key of the values. */
  readonly y: string;
  /** Null before the end of a run, and after a run that had neither of the keys. */
  stats: PeakFigures | null = null;
  /** Null unless asked for, and for a run of one point. */
  derivativeStats: DerivativeFigures | null = null;
  readonly #options: PeakStatsOptions;

  /** @param x - data key of an axis. @param y - data key of a detector, in the same stream. */
  constructor(x: string, y: string, options: PeakStatsOptions = {}) {
    super();
    this.x = x;
    this.y = y;
    this.#options = options;
  }

  override compute(): void {
    this.stats = null;
    this.derivativeStats = null;
    const points = this.events
      .map(({ data }) => [data[this.x], data[this.y]] as const)
      .filter(([x, y]) => x !== undefined && y !== undefined);
    if (points.length === 0) return;
    const xs = points.map(([x]) => Number(x));
    const ys = points.map(([, y]) => Number(y));
    const { edgeCount = null, calcDerivativeAndStats = false } = this.#options;
    this.stats = peakFigures(xs, ys, edgeCount);
    if (!calcDerivativeAndStats || points.length < 2) return;
    const x = xs.slice(1);
    const y = x.map((_, at) => ys[at + 1]! - ys[at]!);
    this.derivativeStats = { ...peakFigures(x, y, edgeCount), x, y };
  }
}

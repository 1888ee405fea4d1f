import type { EventDescriptor, RunStart } from '../../events/documents.ts';
import { columnOf, isNumeric, TIME_AXIS } from './columns.ts';
import { GridCells } from './grid-cells.ts';
import { GridFeed, LineFeed, type PlotFeed, ScatterFeed } from './plot-feeds.ts';
import type { DataColumn, Range } from './run-data.ts';

/** How much of a run is kept. */
export interface BestEffortLimits {
  /** Rows of the table. Default 1000. */
  readonly rows: number;
  /** Points of a plot. Default 4096. */
  readonly points: number;
  /** Cells of a picture of a mesh. Default 65 536. */
  readonly cells: number;
  /** Points that peaks are computed from; of runs with more they are not. Default 100 000. */
  readonly peakPoints: number;
  /** Plots of a run. Default 16. */
  readonly plots: number;
}

/** What is to be drawn of a stream. */
export interface StreamPlots {
  readonly feeds: readonly PlotFeed[];
  /** What is not drawn, and why. */
  readonly notes: readonly string[];
}

/** @param along - data keys of the dimensions, one each. @param fields - hinted keys that are no dimensions. */
export function plotsOfStream(
  start: RunStart,
  descriptor: EventDescriptor,
  along: readonly string[],
  fields: readonly string[],
  limits: BestEffortLimits,
): StreamPlots {
  const notes: string[] = [];
  const column = (key: string) => (key === 'time' ? TIME_AXIS : columnOf(key, descriptor.data_keys[key]));
  let axes = along.map(column).filter(isNumeric);
  let shown = fields.map(column).filter(isNumeric);
  if (axes.length > 2) {
    notes.push(`Plots have 1 or 2 dimensions, this run has ${axes.length}: shown over time`);
    axes = [];
  }
  // Nothing but the dimensions was read: they are worth a look themselves.
  if (shown.length === 0) {
    shown = axes.filter((axis) => axis !== TIME_AXIS);
    axes = [];
  }
  if (axes.length === 0) axes = [TIME_AXIS];
  const [first = TIME_AXIS, second] = axes;
  const feeds = shown.map((value): PlotFeed => {
    const id = `${descriptor.name}:${value.key}`;
    const common = { id, stream: descriptor.name, startS: start.time, capacity: limits.points };
    if (!second) return new LineFeed({ ...common, x: first, y: value }, limits.peakPoints);
    return (
      gridFeed(start, { id, stream: descriptor.name, slow: first, fast: second, value }, limits) ??
      new ScatterFeed({ ...common, x: first, y: second }, value)
    );
  });
  return { feeds, notes };
}

interface MeshPlot {
  readonly id: string;
  readonly stream: string;
  readonly slow: DataColumn;
  readonly fast: DataColumn;
  readonly value: DataColumn;
}

/** Null: the plan is no mesh of two axes, or does not say enough of it. */
function gridFeed(start: RunStart, mesh: MeshPlot, limits: BestEffortLimits): GridFeed | null {
  const { gridding } = (start.hints ?? {}) as { gridding?: unknown };
  const shape = pairOf(start.shape);
  const extents = Array.isArray(start.extents) ? start.extents.map(pairOf) : [];
  const [slowRange, fastRange] = extents;
  if (gridding !== 'rectilinear' || !shape || !slowRange || !fastRange) return null;
  const snaking = Array.isArray(start.snaking) && start.snaking[1] === true;
  const cells = new GridCells({ shape, snaking, maxCells: limits.cells });
  const { id, stream, slow, fast, value } = mesh;
  return new GridFeed(
    {
      kind: 'grid',
      id,
      stream,
      x: fast,
      y: slow,
      value,
      xEdges: edges(fastRange, shape[1]),
      yEdges: edges(slowRange, shape[0]),
      columns: cells.columns,
      rows: cells.rows,
      binning: cells.binning,
      cells: cells.cells,
    },
    cells,
  );
}

/** Points stand in the middle of their cells. */
function edges([from, to]: Range, points: number): Range {
  const half = (to - from) / Math.max(1, points - 1) / 2;
  return [from - half, to + half];
}

function pairOf(value: unknown): Range | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [first, second]: unknown[] = value;
  return typeof first === 'number' && typeof second === 'number' ? [first, second] : null;
}

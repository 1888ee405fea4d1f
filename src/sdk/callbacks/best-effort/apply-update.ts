import { assertNever } from '../../util/assert-never.ts';
import {
  type CellNumber,
  type DataPlot,
  type DataTable,
  EMPTY_RUN_DATA,
  type RunData,
  type RunDataUpdate,
  type TableRow,
} from './run-data.ts';

/** What there is to show after a change. Neither argument is changed; parts that stay are shared. */
export function applyRunDataUpdate(data: RunData, update: RunDataUpdate): RunData {
  switch (update.kind) {
    case 'run':
      return { ...EMPTY_RUN_DATA, run: update.run };
    case 'stream':
      return { ...data, streams: [...data.streams, update.name] };
    case 'table':
      return { ...data, table: update.table };
    case 'rows':
      return { ...data, table: data.table && withRows(data.table, update.from, update.rows) };
    case 'plot':
      return { ...data, plots: [...data.plots, update.plot] };
    case 'points':
      return withPlot(data, update.plot, (plot) =>
        plot.kind === 'grid'
          ? plot
          : ({ ...plot, stride: update.stride, points: withPoints(plot.points, update) } as DataPlot),
      );
    case 'cells':
      return withPlot(data, update.plot, (plot) =>
        plot.kind === 'grid' ? { ...plot, cells: withCells(plot.cells, update) } : plot,
      );
    case 'baseline':
      return { ...data, baseline: update.rows };
    case 'peaks':
      return { ...data, peaks: update.peaks };
    case 'note':
      return { ...data, notes: [...data.notes, update.note] };
    case 'end':
      return { ...data, end: update.end };
    default:
      return assertNever(update);
  }
}

function withPlot(data: RunData, id: string, change: (plot: DataPlot) => DataPlot): RunData {
  return { ...data, plots: data.plots.map((plot) => (plot.id === id ? change(plot) : plot)) };
}

function withPoints(
  points: readonly (readonly CellNumber[])[],
  { from, points: added }: Extract<RunDataUpdate, { kind: 'points' }>,
): readonly (readonly CellNumber[])[] {
  return points.map((column, index) => [...column.slice(0, from), ...(added[index] ?? [])]);
}

function withCells(
  cells: readonly CellNumber[],
  { places, values }: Extract<RunDataUpdate, { kind: 'cells' }>,
): readonly CellNumber[] {
  const changed = [...cells];
  for (const [index, place] of places.entries()) changed[place] = values[index] ?? null;
  return changed;
}

function withRows(table: DataTable, from: number, added: readonly TableRow[]): DataTable {
  const { rows, firstRow, rowLimit } = table;
  const end = firstRow + rows.length;
  // More rows came at once than are kept: those in between were never told.
  const before = from > end || from < firstRow ? [] : rows.slice(0, from - firstRow);
  const all = [...before, ...added];
  const dropped = Math.max(0, all.length - rowLimit);
  return { ...table, rows: all.slice(dropped), firstRow: (before.length > 0 ? firstRow : from) + dropped };
}

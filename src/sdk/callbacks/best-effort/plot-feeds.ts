import type { Event } from '../../events/documents.ts';
import { peakFigures } from '../peak-figures.ts';
import { axisValue, TIME_AXIS } from './columns.ts';
import type { GridCells } from './grid-cells.ts';
import { LineSeries, ScatterSeries } from './point-series.ts';
import type { CellNumber, DataColumn, DataPlot, PeakRow, RunDataUpdate } from './run-data.ts';

/** What makes a plot of the events of a stream. */
export interface PlotFeed {
  /** As it appears, without points. */
  readonly plot: DataPlot;
  add(event: Event): void;
  /** Events from number `seqNum` on come again. */
  rewind(seqNum: number): void;
  /** The run has ended. */
  finish(): void;
  /** Null: nothing new. */
  take(): RunDataUpdate | null;
}

interface Axes {
  readonly id: string;
  readonly stream: string;
  readonly x: DataColumn;
  readonly y: DataColumn;
  /** Unix time of the run's start, s. */
  readonly startS: number;
  readonly capacity: number;
}

/** A curve, and the peak in it. */
export class LineFeed implements PlotFeed {
  readonly plot: DataPlot;
  readonly #axes: Axes;
  readonly #series: LineSeries;
  readonly #peak: PeakPoints | null;

  /** @param maxPeakPoints - of runs with more no peak is computed. */
  constructor(axes: Axes, maxPeakPoints: number) {
    const { id, stream, x, y } = axes;
    this.#axes = axes;
    this.#series = new LineSeries(axes.capacity);
    this.#peak = x === TIME_AXIS ? null : new PeakPoints(maxPeakPoints);
    this.plot = { kind: 'line', id, stream, x, y, stride: 1, points: [[], []] };
  }

  add(event: Event): void {
    const { x, y, startS } = this.#axes;
    const along = axisValue(x, event, startS);
    if (along === null) return;
    const up = axisValue(y, event, startS);
    this.#series.add({ at: event.seq_num, values: [along, up] });
    if (up !== null) this.#peak?.add(event.seq_num, along, up);
  }

  rewind(seqNum: number): void {
    this.#series.rewind(seqNum);
    this.#peak?.rewind(seqNum);
  }

  finish(): void {
    this.#series.finish();
  }

  take(): RunDataUpdate | null {
    const change = this.#series.take();
    return change && { kind: 'points', plot: this.plot.id, ...change };
  }

  /** Null: there is none to speak of. A text says why it was not computed. */
  peak(): PeakRow | string | null {
    const { id, x, y } = this.#axes;
    if (!this.#peak) return null;
    if (this.#peak.overflowed) return `${y.key}: no peak, there are more than ${this.#peak.limit} points`;
    return this.#peak.row({ plot: id, x, y });
  }
}

/** Coloured points in a plane. */
export class ScatterFeed implements PlotFeed {
  readonly plot: DataPlot;
  readonly #axes: Axes;
  readonly #value: DataColumn;
  readonly #series: ScatterSeries;

  constructor(axes: Axes, value: DataColumn) {
    const { id, stream, x, y } = axes;
    this.#axes = axes;
    this.#value = value;
    this.#series = new ScatterSeries(axes.capacity);
    this.plot = { kind: 'scatter', id, stream, x, y, value, stride: 1, points: [[], [], []] };
  }

  add(event: Event): void {
    const { x, y, startS } = this.#axes;
    const values = [x, y, this.#value].map((column) => axisValue(column, event, startS));
    if (!values.includes(null)) this.#series.add({ at: event.seq_num, values });
  }

  rewind(seqNum: number): void {
    this.#series.rewind(seqNum);
  }

  finish(): void {}

  take(): RunDataUpdate | null {
    const change = this.#series.take();
    return change && { kind: 'points', plot: this.plot.id, ...change };
  }
}

/** A picture of a mesh. */
export class GridFeed implements PlotFeed {
  readonly plot: DataPlot;
  readonly #value: DataColumn;
  readonly #cells: GridCells;

  constructor(plot: Extract<DataPlot, { kind: 'grid' }>, cells: GridCells) {
    this.plot = plot;
    this.#value = plot.value;
    this.#cells = cells;
  }

  add(event: Event): void {
    const value = axisValue(this.#value, event, 0);
    if (value !== null) this.#cells.add(event.seq_num, value);
  }

  /** A cell is overwritten by what comes again. */
  rewind(_seqNum: number): void {}

  finish(): void {}

  take(): RunDataUpdate | null {
    const change = this.#cells.take();
    return change && { kind: 'cells', plot: this.plot.id, ...change };
  }
}

/** All points of a curve, up to a limit. */
class PeakPoints {
  readonly limit: number;
  overflowed = false;
  #at: number[] = [];
  #x: number[] = [];
  #y: number[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  add(at: number, x: number, y: number): void {
    if (this.overflowed) return;
    if (this.#at.length >= this.limit) {
      this.overflowed = true;
      [this.#at, this.#x, this.#y] = [[], [], []];
      return;
    }
    this.#at.push(at);
    this.#x.push(x);
    this.#y.push(y);
  }

  rewind(seqNum: number): void {
    while ((this.#at.at(-1) ?? 0) >= seqNum) {
      this.#at.pop();
      this.#x.pop();
      this.#y.pop();
    }
  }

  row(axes: Pick<PeakRow, 'plot' | 'x' | 'y'>): PeakRow | null {
    if (this.#x.length < POINTS_OF_A_PEAK) return null;
    const { com, cen, max, min, fwhm } = peakFigures(this.#x, this.#y);
    return {
      ...axes,
      com: finite(com),
      cen: finite(cen),
      max: max.map(finite),
      min: min.map(finite),
      fwhm: finite(fwhm),
    };
  }
}

const POINTS_OF_A_PEAK = 3;

function finite(value: number | null): CellNumber {
  return value !== null && Number.isFinite(value) ? value : null;
}

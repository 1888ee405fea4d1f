// What BestEffort shows of a run, for views that draw it: plain values that can be sent anywhere.

/** A value of a table. Null: nothing was read, or it is no finite number. */
export type CellValue = number | string | boolean | null;

/** What a column or an axis holds. */
export interface DataColumn {
  /** Data key; `time` and `seq_num` are those of the event. */
  readonly key: string;
  /** Unit of its numbers; null: none. */
  readonly unit: string | null;
  /** Decimals that mean something; null: nobody said. */
  readonly precision: number | null;
  /** Type of its values. */
  readonly type: 'number' | 'integer' | 'string' | 'boolean';
}

/** An event as a row. */
export interface TableRow {
  /** Place in its stream, from 1. */
  readonly seqNum: number;
  /** Unix time, s. */
  readonly time: number;
  /** One for each column. */
  readonly values: readonly CellValue[];
}

/** The newest rows of a stream. */
export interface DataTable {
  /** Which. */
  readonly stream: string;
  /** What its rows hold. */
  readonly columns: readonly DataColumn[];
  /** The newest ones. */
  readonly rows: readonly TableRow[];
  /** How many rows came before `rows[0]` and are no longer kept. */
  readonly firstRow: number;
  /** How many rows are kept. */
  readonly rowLimit: number;
}

/** What plots of points have in common. */
export interface PointsPlot {
  /** Unique in the run. */
  readonly id: string;
  /** Whose events it shows. */
  readonly stream: string;
  /** Along. */
  readonly x: DataColumn;
  /** Up. */
  readonly y: DataColumn;
  /** How many events one of two neighbouring points stands for; 1: every event is there. */
  readonly stride: number;
}

/** A curve. Where it is thinned out the least and the greatest value of each stretch are kept. */
export interface LinePlot extends PointsPlot {
  /** Tells plots apart. */
  readonly kind: 'line';
  /** `[x, y]`, a column each. */
  readonly points: readonly [readonly CellNumber[], readonly CellNumber[]];
}

/** Coloured points in a plane. Where it is thinned out every `stride`-th is kept. */
export interface ScatterPlot extends PointsPlot {
  /** Tells plots apart. */
  readonly kind: 'scatter';
  /** What the colour says. */
  readonly value: DataColumn;
  /** `[x, y, value]`, a column each. */
  readonly points: readonly [readonly CellNumber[], readonly CellNumber[], readonly CellNumber[]];
}

/** A number, or null where it was not finite. */
export type CellNumber = number | null;

/** Low and high end. */
export type Range = readonly [low: number, high: number];

/** A picture of a mesh. */
export interface GridPlot {
  /** Tells plots apart. */
  readonly kind: 'grid';
  /** Unique in the run. */
  readonly id: string;
  /** Whose events it shows. */
  readonly stream: string;
  /** The fast axis. */
  readonly x: DataColumn;
  /** The slow axis. */
  readonly y: DataColumn;
  /** What the colour says. */
  readonly value: DataColumn;
  /** Outer edges of the first and last cells along x, in its unit; may run backwards. */
  readonly xEdges: Range;
  /** As `xEdges`. */
  readonly yEdges: Range;
  /** Cells along x. */
  readonly columns: number;
  /** Cells along y. */
  readonly rows: number;
  /** How many points of the mesh along x and y one cell is the mean of. */
  readonly binning: Range;
  /** Row after row; null: not measured yet. */
  readonly cells: readonly CellNumber[];
}

/** Any plot. */
export type DataPlot = LinePlot | ScatterPlot | GridPlot;

/** What was read before and after a run. */
export interface BaselineRow {
  /** What it is. */
  readonly column: DataColumn;
  /** At the start. */
  readonly before: CellValue;
  /** At the end; null before it. */
  readonly after: CellValue;
}

/** A peak of a line plot, in the units of its axes. */
export interface PeakRow {
  /** Of the plot. */
  readonly plot: string;
  /** Along. */
  readonly x: DataColumn;
  /** Up. */
  readonly y: DataColumn;
  /** Centre of mass along x. */
  readonly com: CellNumber;
  /** Middle between the outer half heights. */
  readonly cen: CellNumber;
  /** Where y is greatest, and how great. */
  readonly max: readonly CellNumber[];
  /** Where y is least, and how small. */
  readonly min: readonly CellNumber[];
  /** Full width at half maximum. */
  readonly fwhm: CellNumber;
}

/** What a run is called. */
export interface RunHeading {
  /** Of its start document. */
  readonly uid: string;
  /** Counts runs; null: it has none. */
  readonly scanId: number | null;
  /** Plan; empty: it has no name. */
  readonly planName: string;
  /** Unix time of its start, s. */
  readonly time: number;
}

/** How a run ended. */
export interface RunEnd {
  /** How. */
  readonly exitStatus: 'success' | 'abort' | 'fail';
  /** Why, when it did not end by itself. */
  readonly reason: string;
  /** Unix time, s. */
  readonly time: number;
  /** Events by stream. */
  readonly numEvents: Readonly<Record<string, number>>;
}

/** All there is to show of a run. */
export interface RunData {
  /** Null: there was none yet. */
  readonly run: RunHeading | null;
  /** Streams, in order of appearance. */
  readonly streams: readonly string[];
  /** Of the stream with the dimensions; null before its first event was described. */
  readonly table: DataTable | null;
  /** In order of appearance. */
  readonly plots: readonly DataPlot[];
  /** Empty: the run has none. */
  readonly baseline: readonly BaselineRow[];
  /** Known at the end of the run. */
  readonly peaks: readonly PeakRow[];
  /** What is not shown, and why. */
  readonly notes: readonly string[];
  /** Null while it goes on. */
  readonly end: RunEnd | null;
}

/** A run begins: all else is empty. */
export interface RunBegins {
  /** Tells changes apart. */
  readonly kind: 'run';
  /** Which. */
  readonly run: RunHeading;
}

/** A stream appears. */
export interface StreamAppears {
  /** Tells changes apart. */
  readonly kind: 'stream';
  /** Of the stream. */
  readonly name: string;
}

/** The table appears, without rows. */
export interface TableAppears {
  /** Tells changes apart. */
  readonly kind: 'table';
  /** Without rows. */
  readonly table: DataTable;
}

/** Rows come; those before them stay. */
export interface RowsCome {
  /** Tells changes apart. */
  readonly kind: 'rows';
  /** Place of the first, counted from the first of the stream; what was there from then on goes. */
  readonly from: number;
  /** From there to the end. */
  readonly rows: readonly TableRow[];
}

/** A plot appears, without points. */
export interface PlotAppears {
  /** Tells changes apart. */
  readonly kind: 'plot';
  /** Without points. */
  readonly plot: DataPlot;
}

/** Points of a plot come; those before them stay. */
export interface PointsCome {
  /** Tells changes apart. */
  readonly kind: 'points';
  /** Its id. */
  readonly plot: string;
  /** Place of the first; what was there from then on goes. 0 also when the plot was thinned out. */
  readonly from: number;
  /** How many events one point stands for now. */
  readonly stride: number;
  /** From there to the end, a column each. */
  readonly points: readonly (readonly CellNumber[])[];
}

/** Cells of a picture get values. */
export interface CellsCome {
  /** Tells changes apart. */
  readonly kind: 'cells';
  /** Its id. */
  readonly plot: string;
  /** Which cells, row after row. */
  readonly places: readonly number[];
  /** What they are. */
  readonly values: readonly CellNumber[];
}

/** The baseline was read. */
export interface BaselineRead {
  /** Tells changes apart. */
  readonly kind: 'baseline';
  /** All of them. */
  readonly rows: readonly BaselineRow[];
}

/** Peaks are known. */
export interface PeaksKnown {
  /** Tells changes apart. */
  readonly kind: 'peaks';
  /** All of them. */
  readonly peaks: readonly PeakRow[];
}

/** Something is not shown. */
export interface NoteAdded {
  /** Tells changes apart. */
  readonly kind: 'note';
  /** What, and why. */
  readonly note: string;
}

/** The run has ended. */
export interface RunEnds {
  /** Tells changes apart. */
  readonly kind: 'end';
  /** How. */
  readonly end: RunEnd;
}

/** A change of what there is to show. */
export type RunDataUpdate =
  | RunBegins
  | StreamAppears
  | TableAppears
  | RowsCome
  | PlotAppears
  | PointsCome
  | CellsCome
  | BaselineRead
  | PeaksKnown
  | NoteAdded
  | RunEnds;

/** Nothing to show. */
export const EMPTY_RUN_DATA: RunData = {
  run: null,
  streams: [],
  table: null,
  plots: [],
  baseline: [],
  peaks: [],
  notes: [],
  end: null,
};

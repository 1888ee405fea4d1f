export { applyRunDataUpdate } from './best-effort/apply-update.ts';
export { BestEffort, type BestEffortOptions } from './best-effort/best-effort.ts';
export type { BestEffortLimits } from './best-effort/plots-of-stream.ts';
export {
  type BaselineRead,
  type BaselineRow,
  type CellNumber,
  type CellsCome,
  type CellValue,
  type DataColumn,
  type DataPlot,
  type DataTable,
  EMPTY_RUN_DATA,
  type GridPlot,
  type LinePlot,
  type NoteAdded,
  type PeakRow,
  type PeaksKnown,
  type PlotAppears,
  type PointsCome,
  type PointsPlot,
  type Range,
  type RowsCome,
  type RunBegins,
  type RunData,
  type RunDataUpdate,
  type RunEnd,
  type RunEnds,
  type RunHeading,
  type ScatterPlot,
  type StreamAppears,
  type TableAppears,
  type TableRow,
} from './best-effort/run-data.ts';
export { type BufferingOptions, BufferingWrapper } from './buffering-wrapper.ts';
export { CollectThenCompute } from './collect-then-compute.ts';
export { CsvWriter, type CsvWriterOptions } from './csv-writer.ts';
export { JsonLinesWriter, JsonWriter, type OpenSink } from './json-writers.ts';
export { LiveDispatcher, type LiveDispatcherOptions, type ProcessedEventOptions } from './live-dispatcher.ts';
export { LiveTable, type LiveTableOptions } from './live-table.ts';
export { formatNum, type NumberFormatOptions } from './number-format.ts';
export { centerOfMass, type LinearBackground, type PeakFigures, peakFigures } from './peak-figures.ts';
export { type DerivativeFigures, PeakStats, type PeakStatsOptions } from './peak-stats.ts';
export { CallbackCounter, collector, getObjFields, metadataLines } from './simple-callbacks.ts';
export type { TextSink } from './text-sink.ts';

import type { CellNumber, CellValue, DataColumn, DataPlot, PeakRow } from 'redsun/sdk/callbacks';
import { formatNumber, formatShort } from '../../../ui/index.ts';

const DECIMALS = 3;
/** Beyond it numbers are written with an exponent: a column is no wider than that. */
const LARGE = 1e9;

const UNITS: Readonly<Record<string, string>> = { um: 'µm', us: 'µs', uW: 'µW', deg: '°', degC: '°C', degrees: '°' };

/** As people write it: `µm`. */
export function unitWord(unit: string | null): string {
  return unit === null ? '' : (UNITS[unit] ?? unit);
}

/** `z (µm)`, for headers and axes. */
export function columnWord({ key, unit }: DataColumn): string {
  return unit === null ? key : `${key} (${unitWord(unit)})`;
}

/** A number with the decimals of its column. `?` for what is not known. */
export function numberWord(value: CellNumber, { precision, type }: DataColumn): string {
  if (value === null) return '?';
  const decimals = type === 'integer' ? 0 : (precision ?? DECIMALS);
  const size = Math.abs(value);
  const lost = size !== 0 && type !== 'integer' && precision === null && size < 0.5 * 10 ** -DECIMALS;
  if (size < LARGE && !lost) return formatNumber(value, Math.min(decimals, 12));
  return value.toExponential(DECIMALS).replaceAll('-', '\u2212');
}

/** A number at a tick of an axis: no more decimals than it has. */
export function tickWord(value: number): string {
  const size = Math.abs(value);
  const plain = value === 0 || (size >= 1e-3 && size < 1e7);
  return plain ? formatShort(value, 6) : value.toExponential().replaceAll('-', '\u2212');
}

/** A value of a table. */
export function cellWord(value: CellValue, column: DataColumn): string {
  if (typeof value === 'number') return numberWord(value, column);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value ?? '?';
}

/** A number with its unit: `2.50 µm`. */
export function quantityWord(value: CellNumber, column: DataColumn): string {
  const unit = unitWord(column.unit);
  return `${numberWord(value, column)}${unit && ` ${unit}`}`;
}

/** `camera_mean over z`. @param word - how an axis is called. */
export function plotTitle(plot: DataPlot, word = ({ key }: DataColumn) => key): string {
  return plot.kind === 'line'
    ? `${word(plot.y)} over ${word(plot.x)}`
    : `${word(plot.value)} over ${word(plot.x)} and ${word(plot.y)}`;
}

/** A plot in a sentence, for those who do not see it. */
export function plotSummary(plot: DataPlot, peak: PeakRow | null): string {
  const title = plotTitle(plot);
  if (plot.kind === 'grid') {
    const measured = plot.cells.filter((value) => value !== null);
    const of = `${measured.length} of ${plot.cells.length} cells`;
    return `${title}: ${of}${rangeWords(measured, plot.value)}`;
  }
  const [xs] = plot.points;
  const values = plot.kind === 'line' ? plot.points[1] : plot.points[2];
  const points = `${xs.length} ${xs.length === 1 ? 'point' : 'points'}`;
  const column = plot.kind === 'line' ? plot.y : plot.value;
  const peakPart = peak ? `. ${peakWords(peak)}` : '';
  return `${title}: ${points}${rangeWords(xs, plot.x)}${rangeWords(values, column)}${peakPart}`;
}

/** `Maximum 812 counts at 0.50 µm, centre 0.52 µm, width 1.90 µm`. */
export function peakWords({ x, y, max: [at = null, top = null], com, fwhm }: PeakRow): string {
  const width = fwhm === null ? '' : `, width ${quantityWord(fwhm, x)}`;
  return `Maximum ${quantityWord(top, y)} at ${quantityWord(at, x)}, centre of mass ${quantityWord(com, x)}${width}`;
}

function rangeWords(values: readonly CellNumber[], column: DataColumn): string {
  const range = rangeOf(values);
  if (!range) return '';
  return `, ${column.key} ${numberWord(range[0], column)} to ${quantityWord(range[1], column)}`;
}

/** Least and greatest; null without any. */
export function rangeOf(values: readonly CellNumber[]): readonly [low: number, high: number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

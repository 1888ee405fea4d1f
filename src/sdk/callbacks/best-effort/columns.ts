import type { DataKey, Event } from '../../events/documents.ts';
import type { CellNumber, CellValue, DataColumn } from './run-data.ts';

/** Seconds since the start of the run. */
export const TIME_AXIS: DataColumn = { key: 'time', unit: 's', precision: 3, type: 'number' };

/** How a data key is shown; a text says why it cannot be. */
export function columnOf(key: string, dataKey: DataKey | undefined): DataColumn | string {
  if (!dataKey) return `${key} is not in the data`;
  if (dataKey.external !== undefined) return `${key} is in a store or a file, not in the table`;
  if (dataKey.dtype === 'array' || dataKey.shape.length > 0) return `${key} is an array, and has no place in a table`;
  const { units = null, precision = null, dtype: type } = dataKey;
  return { key, unit: units || null, precision: precision === null ? null : Math.max(0, Math.trunc(precision)), type };
}

/** Can be drawn. */
export function isNumeric(column: DataColumn | string): column is DataColumn {
  return typeof column !== 'string' && (column.type === 'number' || column.type === 'integer');
}

/** What an event says in a column of a table. */
export function cellOf({ key }: DataColumn, event: Event): CellValue {
  if (event.filled[key] === false) return null;
  const value = event.data[key];
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** What an event says along an axis; `time` counts from the start of the run. */
export function axisValue(column: DataColumn, event: Event, startS: number): CellNumber {
  if (column === TIME_AXIS) return event.time - startS;
  const value = cellOf(column, event);
  return typeof value === 'number' ? value : null;
}

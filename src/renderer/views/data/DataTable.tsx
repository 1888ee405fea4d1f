import { type JSX, useLayoutEffect, useRef, useState } from 'react';
import type { DataTable as TableData, TableRow } from 'redsun/sdk/callbacks';
import { formatClock, formatNumber } from '../../../ui/index.ts';
import { visibleRows } from './visible-rows.ts';
import { cellWord, columnWord } from './words.ts';

const ROW_PX = 22;
const FIRST_HEIGHT_PX = 200;

/** Events as rows, newest last; follows the end until it is scrolled away from there. Only rows in view are in the page. */
export function DataTable({ table }: { readonly table: TableData }): JSX.Element {
  const box = useRef<HTMLElement>(null);
  const following = useRef(true);
  const [view, setView] = useState({ scrollPx: 0, heightPx: FIRST_HEIGHT_PX });
  const { rows, columns, firstRow } = table;
  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows move the end
  useLayoutEffect(() => {
    if (following.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [rows]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setView({ scrollPx: element.scrollTop, heightPx: element.clientHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { first, end } = visibleRows(rows.length, ROW_PX, view.scrollPx, view.heightPx);
  return (
    <section
      ref={box}
      className="data-rows scroll"
      aria-label="Rows"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        following.current = scrollHeight - scrollTop - clientHeight < ROW_PX;
        setView({ scrollPx: scrollTop, heightPx: clientHeight });
      }}
    >
      <table className="table data-table" aria-label="Run data" aria-rowcount={firstRow + rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th className="is-number">#</th>
            <th>Time</th>
            {columns.map((column) => (
              <th key={column.key} className={isText(column.type) ? '' : 'is-number'}>
                {columnWord(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} columns={columns.length + 2} />
          {rows.slice(first, end).map((row, index) => (
            <Row key={row.seqNum} row={row} table={table} place={firstRow + first + index} />
          ))}
          <Gap rows={rows.length - end} columns={columns.length + 2} />
        </tbody>
      </table>
    </section>
  );
}

function Row(props: { readonly row: TableRow; readonly table: TableData; readonly place: number }): JSX.Element {
  const { row, table, place } = props;
  const newest = place === table.firstRow + table.rows.length - 1;
  return (
    <tr aria-rowindex={place + 2} className={newest ? 'is-newest' : ''}>
      <td className="is-number faint">{formatNumber(row.seqNum)}</td>
      <td className="faint">{formatClock(row.time, 'milliseconds')}</td>
      {table.columns.map((column, index) => (
        <td key={column.key} className={isText(column.type) ? 'cut' : 'is-number'}>
          {cellWord(row.values[index] ?? null, column)}
        </td>
      ))}
    </tr>
  );
}

/** Takes the place of rows that are not in view. */
function Gap({ rows, columns }: { readonly rows: number; readonly columns: number }): JSX.Element | null {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden className="data-gap">
      <td colSpan={columns} style={{ height: rows * ROW_PX }} />
    </tr>
  );
}

function isText(type: string): boolean {
  return type === 'string' || type === 'boolean';
}

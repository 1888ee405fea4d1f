import { Info, Table2 } from 'lucide-react';
import type { JSX } from 'react';
import type { RunData } from 'redsun/sdk/callbacks';
import { EmptyState, formatClock, formatDate, formatNumber, Pill } from '../../../ui/index.ts';
import { useHost } from '../../stores/services.tsx';
import { BaselineList } from './BaselineList.tsx';
import { DataTable } from './DataTable.tsx';
import { PlotPanel } from './PlotPanel.tsx';
import './data.css';

/** What the newest run has read: a table and plots, as it goes on. */
export function RunDataView(): JSX.Element {
  const data = useHost((state) => state.runData);
  if (!data.run) {
    return (
      <EmptyState icon={<Table2 size={28} strokeWidth={1.5} aria-hidden />} title="No data yet">
        What a run reads is shown here as a table and as plots, while it goes on.
      </EmptyState>
    );
  }
  const { table } = data;
  return (
    <div className="data-view">
      <div className={`data-body ${data.plots.length > 0 ? 'has-plot' : ''}`}>
        <div className="data-left">
          <Heading data={data} />
          {data.baseline.length > 0 && <BaselineList rows={data.baseline} />}
          {table && table.columns.length > 0 ? (
            <DataTable table={table} />
          ) : (
            <p className="data-nothing small muted">
              {data.end ? 'The run read nothing that fits in a table.' : 'Nothing was read yet.'}
            </p>
          )}
        </div>
        <PlotPanel data={data} />
      </div>
    </div>
  );
}

function Heading({ data }: { readonly data: RunData }): JSX.Element | null {
  const { run, end, table, notes } = data;
  if (!run) return null;
  const rows = table ? table.firstRow + table.rows.length : 0;
  const kept = table && table.firstRow > 0 ? `, newest ${formatNumber(table.rows.length)} kept here` : '';
  return (
    <header className="data-head row small">
      <strong>{run.scanId === null ? run.planName : `Scan ${run.scanId}`}</strong>
      {run.scanId !== null && <span className="muted">{run.planName}</span>}
      <span className="faint" title={formatDate(run.time)}>
        {formatClock(run.time, 'seconds')}
      </span>
      <span className="faint mono" title={`Uid ${run.uid}`}>
        {run.uid.slice(0, 8)}
      </span>
      <output aria-label="Rows read" className="muted">
        {formatNumber(rows)} {rows === 1 ? 'row' : 'rows'}
        {kept}
      </output>
      <span className="push row">
        {notes.length > 0 && (
          <span className="faint row" title={notes.join('\n')}>
            <Info size={13} aria-hidden />
            <span>
              {notes.length} not shown<span className="visually-hidden">: {notes.join('; ')}</span>
            </span>
          </span>
        )}
        <EndPill data={data} />
      </span>
      {end && end.reason !== '' && <span className="visually-hidden">{end.reason}</span>}
    </header>
  );
}

const END_WORDS = { success: 'Done', abort: 'Aborted', fail: 'Failed' } as const;
const END_TONES = { success: 'plain', abort: 'warn', fail: 'danger' } as const;

function EndPill({ data: { end } }: { readonly data: RunData }): JSX.Element {
  if (!end) return <Pill tone="live">Reading</Pill>;
  return <Pill tone={END_TONES[end.exitStatus]}>{END_WORDS[end.exitStatus]}</Pill>;
}

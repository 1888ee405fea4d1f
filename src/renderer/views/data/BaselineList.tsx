import type { JSX } from 'react';
import type { BaselineRow } from 'redsun/sdk/callbacks';
import { cellWord, columnWord } from './words.ts';

/** What was read before and after the run. */
export function BaselineList({ rows }: { readonly rows: readonly BaselineRow[] }): JSX.Element {
  return (
    <details className="baseline small">
      <summary>Baseline: {rows.length} values before and after the run</summary>
      <table className="table" aria-label="Baseline">
        <thead>
          <tr>
            <th>Value</th>
            <th className="is-number">Before</th>
            <th className="is-number">After</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ column, before, after }) => (
            <tr key={column.key}>
              <td>{columnWord(column)}</td>
              <td className="is-number">{cellWord(before, column)}</td>
              <td className="is-number">{cellWord(after, column)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

import { type JSX, useState } from 'react';
import type { DataPlot, RunData } from 'redsun/sdk/callbacks';
import { Select } from '../../../ui/index.ts';
import { FieldPicture } from './FieldPicture.tsx';
import { LineChart } from './LineChart.tsx';
import { columnWord, peakWords, plotSummary, plotTitle } from './words.ts';

/** One plot of the run at a time. */
export function PlotPanel({ data }: { readonly data: RunData }): JSX.Element | null {
  const [chosen, setChosen] = useState<string | null>(null);
  const [point, setPoint] = useState('');
  const plot = data.plots.find(({ id }) => id === chosen) ?? data.plots[0];
  if (!plot) return null;
  const peak = data.peaks.find((row) => row.plot === plot.id) ?? null;
  const options = data.plots.map((one) => ({ value: one.id, label: plotTitle(one, columnWord) }));
  return (
    <section className="data-plot" aria-label="Plot">
      <header className="row small">
        {options.length > 1 ? (
          <Select label="Plot" options={options} value={plot.id} onSelect={setChosen} />
        ) : (
          <span className="muted cut">{plotTitle(plot, columnWord)}</span>
        )}
        <span className="faint push cut" title={peak ? peakWords(peak) : undefined}>
          {point || (peak ? peakWords(peak) : strideWords(plot))}
        </span>
      </header>
      <div className="data-plot-body" role="img" aria-label={plotSummary(plot, peak)}>
        {plot.kind === 'line' ? <LineChart plot={plot} onPoint={setPoint} /> : <FieldPicture plot={plot} />}
      </div>
    </section>
  );
}

function strideWords(plot: DataPlot): string {
  if (plot.kind === 'grid') {
    const [x, y] = plot.binning;
    return x * y > 1 ? `Each cell is the mean of ${x} × ${y} points` : '';
  }
  if (plot.stride === 1) return '';
  return plot.kind === 'line'
    ? `Thinned out: lowest and highest of every ${2 * plot.stride} events`
    : `Thinned out: one of every ${plot.stride} events`;
}

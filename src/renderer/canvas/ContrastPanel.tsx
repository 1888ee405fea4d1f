import { Eye, EyeOff } from 'lucide-react';
import type { JSX } from 'react';
import { Button, formatShort, IconButton, NumberField, Swatch, TickBox } from '../../ui/index.ts';
import { type ContrastRow, HistogramPlot } from './HistogramPlot.tsx';
import type { LayerDisplay } from './layer.ts';

export interface ContrastPanelProps {
  readonly rows: readonly ContrastRow[];
  readonly active: string | null;
  readonly onActive: (name: string) => void;
  readonly onChange: (name: string, change: Partial<Omit<LayerDisplay, 'colour'>>) => void;
  readonly onAutoOnce: () => void;
  /** Both absent where the picture stands still. */
  readonly autoStretch?: boolean;
  readonly onAutoStretch?: (on: boolean) => void;
  readonly ignorePercent: number;
  readonly onIgnorePercent: (percent: number) => void;
  readonly log: boolean;
  readonly onLog: (log: boolean) => void;
}

/** Histogram and limits of each channel. Changes the picture on the screen, never what is stored. */
export function ContrastPanel(props: ContrastPanelProps): JSX.Element {
  const { rows, log } = props;
  const active = rows.find(({ name }) => name === props.active) ?? rows[0];
  return (
    <section className="contrast" aria-label="Contrast">
      <header className="row">
        <h3 className="small muted">Contrast</h3>
        <span className="small faint">changes the display only</span>
        <span className="push row">
          <Button
            look="ghost"
            onClick={props.onAutoOnce}
            disabled={rows.length === 0}
            title="A, with the image focused"
          >
            Auto once
          </Button>
          {props.onAutoStretch ? (
            <TickBox ticked={props.autoStretch ?? false} onChange={props.onAutoStretch}>
              Auto-stretch, ignore
            </TickBox>
          ) : (
            <span className="small muted">ignore</span>
          )}
          <NumberField
            label="Ignored part"
            inTable
            className="contrast-ignore"
            unit="%"
            decimals={2}
            fixed
            low={0}
            high={20}
            step={0.1}
            value={props.ignorePercent}
            onCommit={props.onIgnorePercent}
          />
          <TickBox ticked={log} onChange={props.onLog}>
            Log
          </TickBox>
        </span>
      </header>
      <div className="contrast-body">
        <HistogramPlot rows={rows} active={active?.name ?? null} onChange={props.onChange} log={log} />
        <div className="contrast-rows">
          {rows.map((row) => (
            <fieldset
              key={row.name}
              aria-label={`Contrast of ${row.name}`}
              className={`contrast-row ${row.name === active?.name && rows.length > 1 ? 'is-active' : ''}`}
              onPointerDown={() => props.onActive(row.name)}
              onFocus={() => props.onActive(row.name)}
            >
              <Swatch colour={row.display.colour} />
              <IconButton
                label={`${row.display.visible ? 'Hide' : 'Show'} ${row.name}`}
                onClick={() => props.onChange(row.name, { visible: !row.display.visible })}
              >
                {row.display.visible ? <Eye size={14} aria-hidden /> : <EyeOff size={14} aria-hidden />}
              </IconButton>
              <span className="cut grow" title={row.name}>
                {row.name}
              </span>
              <NumberField
                label={`${row.name} low`}
                inTable
                decimals={2}
                value={row.display.low}
                onCommit={(low) => props.onChange(row.name, { low, high: Math.max(row.display.high, low + 1) })}
              />
              <span className="faint">–</span>
              <NumberField
                label={`${row.name} high`}
                inTable
                decimals={2}
                value={row.display.high}
                onCommit={(high) => props.onChange(row.name, { high, low: Math.min(row.display.low, high - 1) })}
              />
              <span className="faint">γ</span>
              <NumberField
                label={`${row.name} gamma`}
                inTable
                className="contrast-gamma"
                decimals={2}
                low={0.1}
                high={5}
                step={0.1}
                value={row.display.gamma}
                onCommit={(gamma) => props.onChange(row.name, { gamma })}
              />
            </fieldset>
          ))}
          <p className="small faint contrast-stats">
            {active?.histogram
              ? `Min ${formatShort(active.histogram.min, 3)} · mean ${formatShort(active.histogram.mean, 1)} · max ${formatShort(active.histogram.max, 3)}`
              : 'No picture yet'}
          </p>
        </div>
      </div>
    </section>
  );
}

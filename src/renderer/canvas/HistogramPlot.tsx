import { type JSX, type PointerEvent as ReactPointerEvent, useEffect, useRef, useState } from 'react';
import { formatNumber } from '../../ui/index.ts';
import { columnsOf, type Histogram } from './histogram.ts';
import type { LayerDisplay } from './layer.ts';

/** One channel as the contrast tools see it. */
export interface ContrastRow {
  readonly name: string;
  readonly display: LayerDisplay;
  readonly histogram: Histogram | null;
}

export interface HistogramPlotProps {
  readonly rows: readonly ContrastRow[];
  /** Whose limits have handles. */
  readonly active: string | null;
  readonly onChange: (name: string, change: Partial<Omit<LayerDisplay, 'colour'>>) => void;
  readonly log: boolean;
}

const WIDTH = 460;
const HEIGHT = 54;
const COLUMNS = 230;

/** One translucent area per channel; the active one's limits are dragged, what is outside them is dimmed. */
export function HistogramPlot({ rows, active, onChange, log }: HistogramPlotProps): JSX.Element {
  const plot = useRef<SVGSVGElement>(null);
  const [held, setHeld] = useState<{
    readonly end: 'low' | 'high';
    readonly low: number;
    readonly high: number;
  } | null>(null);
  // While a handle is held the axis stands still under the hand.
  const { low, high } = held ?? rangeOf(rows);
  const row = rows.find(({ name }) => name === active);
  const xOf = (value: number) => Math.min(WIDTH, Math.max(0, ((value - low) / (high - low)) * WIDTH));

  useEffect(() => {
    if (!held || !row) return;
    const onMove = (event: PointerEvent) => {
      const rect = plot.current?.getBoundingClientRect();
      if (!rect) return;
      const value = Math.round(low + ((event.clientX - rect.left) / rect.width) * (high - low));
      if (held.end === 'low') onChange(row.name, { low: Math.min(value, row.display.high - 1) });
      else onChange(row.name, { high: Math.max(value, row.display.low + 1) });
    };
    const onUp = () => setHeld(null);
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onUp);
    return () => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onUp);
    };
  }, [held, row, low, high, onChange]);

  const grab = (end: 'low' | 'high') => (event: ReactPointerEvent) => {
    event.preventDefault();
    setHeld({ end, low, high });
  };
  const columns = Math.max(8, Math.min(COLUMNS, Math.ceil(high - low)));
  return (
    <figure className="histogram">
      <svg ref={plot} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        {[0.25, 0.5, 0.75].map((part) => (
          <line key={part} className="grid" x1={WIDTH * part} x2={WIDTH * part} y1={0} y2={HEIGHT} />
        ))}
        {rows.map(
          ({ name, histogram, display }) =>
            histogram && (
              <path
                key={name}
                d={areaPath(columnsOf(histogram, low, high, columns, log))}
                fill={display.colour}
                fillOpacity={name === active ? 0.4 : 0.22}
                stroke={display.colour}
                strokeWidth={1}
                vectorEffect="non-scaling-stroke"
              />
            ),
        )}
        {row && (
          <>
            <rect className="outside" x={0} y={0} width={xOf(row.display.low)} height={HEIGHT} />
            <rect
              className="outside"
              x={xOf(row.display.high)}
              y={0}
              width={WIDTH - xOf(row.display.high)}
              height={HEIGHT}
            />
            <path className="curve" d={gammaPath(xOf(row.display.low), xOf(row.display.high), row.display.gamma)} />
          </>
        )}
      </svg>
      {row &&
        (['low', 'high'] as const).map((end) => (
          <span
            key={end}
            className="handle"
            style={{ left: `${(xOf(row.display[end]) / WIDTH) * 100}%` }}
            onPointerDown={grab(end)}
          />
        ))}
      <figcaption>
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          // Without a picture there is no axis; the line keeps its height.
          <span key={part}>{rows.length > 0 ? formatNumber(Math.round(low + part * (high - low))) : '\u00a0'}</span>
        ))}
      </figcaption>
    </figure>
  );
}

function areaPath(heights: readonly number[]): string {
  const width = WIDTH / heights.length;
  const steps = heights.map(
    (height, index) => `L${(index * width).toFixed(1)} ${((1 - height) * (HEIGHT - 2) + 2).toFixed(1)}`,
  );
  return `M0 ${HEIGHT}${steps.join('')}L${WIDTH} ${HEIGHT}Z`;
}

function gammaPath(from: number, to: number, gamma: number): string {
  const points = Array.from({ length: 17 }, (_, index) => {
    const part = index / 16;
    return `${(from + part * (to - from)).toFixed(1)} ${((1 - part ** gamma) * (HEIGHT - 2) + 1).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}

/** What the plot spans: a little around all values and limits. */
function rangeOf(rows: readonly ContrastRow[]): { readonly low: number; readonly high: number } {
  const lows = rows.flatMap(({ histogram, display }) => (histogram ? [histogram.min, display.low] : [display.low]));
  const highs = rows.flatMap(({ histogram, display }) => (histogram ? [histogram.max, display.high] : [display.high]));
  const low = lows.length === 0 ? 0 : Math.min(...lows);
  const high = highs.length === 0 ? 1 : Math.max(...highs);
  const margin = Math.max((high - low) * 0.02, 1e-9);
  return { low: low >= 0 ? Math.max(0, low - margin) : low - margin, high: Math.max(high, low + 1) + margin };
}

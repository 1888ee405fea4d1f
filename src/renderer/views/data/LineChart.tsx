import { type JSX, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LinePlot } from 'redsun/sdk/callbacks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useView } from '../../stores/services.tsx';
import { curveOf } from './curve.ts';
import { columnWord, quantityWord, tickWord } from './words.ts';

interface LineChartProps {
  readonly plot: LinePlot;
  /** Gets what is under the pointer, in words; empty: nothing is. */
  readonly onPoint: (words: string) => void;
}

/** In less height the labels of the axes give their room to the curve: its title has them, too. */
const ROOMY_PX = 150;

/** A curve with its axes. What it shows is said in words by whoever places it. */
export function LineChart({ plot, onPoint }: LineChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const theme = useView((state) => state.theme);
  const [roomy, setRoomy] = useState(false);
  const curve = curveOf(plot.points);
  const newest = useRef(curve);
  newest.current = curve;
  const { x, y } = plot;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another plot, another order of points or another theme is another chart
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const size = () => ({ width: Math.max(80, element.clientWidth), height: Math.max(60, element.clientHeight) });
    const built = new uPlot(
      {
        ...size(),
        ...options(getComputedStyle(element), plot, newest.current.joined, roomy),
        hooks: {
          setCursor: [
            ({ cursor: { idx }, data }) => {
              const at = idx ?? -1;
              const [along, up] = [data[0]?.[at], data[1]?.[at]];
              onPoint(along == null ? '' : `${quantityWord(along, x)}: ${quantityWord(up ?? null, y)}`);
            },
          ],
        },
      },
      [...newest.current.data],
      element,
    );
    chart.current = built;
    const observer = new ResizeObserver(() => {
      setRoomy(element.clientHeight >= ROOMY_PX);
      built.setSize(size());
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      built.destroy();
      chart.current = null;
    };
  }, [plot.id, curve.joined, theme, roomy]);
  useEffect(() => {
    chart.current?.setData([...curve.data]);
  }, [curve]);
  return <div ref={box} className="chart" />;
}

function options(
  style: CSSStyleDeclaration,
  { x, y }: LinePlot,
  joined: boolean,
  roomy: boolean,
): Omit<uPlot.Options, 'width' | 'height'> {
  const colour = (role: string) => style.getPropertyValue(role).trim();
  const font = `10.5px ${style.getPropertyValue('font-family')}`;
  const axis = {
    stroke: colour('--text-3'),
    font,
    values: (_chart: uPlot, ticks: readonly number[]) => ticks.map(tickWord),
    labelFont: font,
    labelSize: 14,
    labelGap: 0,
    gap: 3,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line-2'), width: 1, size: 3 },
  };
  return {
    legend: { show: false },
    cursor: { drag: { setScale: false }, points: { size: 7 } },
    padding: [8, 12, 0, 0],
    scales: { x: { time: false } },
    axes: [
      { ...axis, ...(roomy ? { label: columnWord(x) } : {}), size: 20, space: 60 },
      { ...axis, ...(roomy ? { label: columnWord(y) } : {}), size: 52, space: roomy ? 40 : 22 },
    ],
    series: [
      {},
      {
        stroke: colour('--accent'),
        width: joined ? 1.5 : 0,
        points: joined ? { size: 4, fill: colour('--accent') } : { show: true, size: 4, fill: colour('--accent') },
        ...(joined ? {} : { paths: () => null }),
      },
    ],
  };
}

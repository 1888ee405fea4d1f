import { type JSX, useLayoutEffect, useRef, useState } from 'react';
import type { GridPlot, ScatterPlot } from 'redsun/sdk/callbacks';
import { useView } from '../../stores/services.tsx';
import { drawField, fieldOf } from './field.ts';
import { gradientCss } from './palette.ts';
import { columnWord, numberWord } from './words.ts';

/** A mesh or points in a plane, coloured by value; what was not measured is hatched. */
export function FieldPicture({ plot }: { readonly plot: GridPlot | ScatterPlot }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useView((state) => state.theme);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const field = fieldOf(plot);
  useLayoutEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours of the hatch
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element || size.width === 0) return;
    const scale = window.devicePixelRatio || 1;
    element.width = Math.round(size.width * scale);
    element.height = Math.round(size.height * scale);
    drawField(element, field, getComputedStyle(element));
  }, [field, size, theme]);
  return (
    <div className="field-picture">
      <span className="hint field-y">{columnWord(plot.y)}</span>
      <div className="hint field-y-ends">
        <span>{numberWord(field.y[1], plot.y)}</span>
        <span>{numberWord(field.y[0], plot.y)}</span>
      </div>
      <div className="field-canvas">
        <canvas ref={canvas} />
      </div>
      <div className="hint field-x">
        <span>{numberWord(field.x[0], plot.x)}</span>
        <span>{columnWord(plot.x)}</span>
        <span>{numberWord(field.x[1], plot.x)}</span>
      </div>
      <div className="hint field-scale">
        <span>{field.range ? numberWord(field.range[1], plot.value) : '?'}</span>
        <i style={{ background: gradientCss() }} />
        <span>{field.range ? numberWord(field.range[0], plot.value) : '?'}</span>
      </div>
    </div>
  );
}

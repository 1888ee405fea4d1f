import type { CellNumber, GridPlot, ScatterPlot } from 'redsun/sdk/callbacks';
import { colourAt } from './palette.ts';
import { rangeOf } from './words.ts';

type Range = readonly [low: number, high: number];

/** What is drawn of a plane, in the units of its axes. */
export interface Field {
  readonly plot: GridPlot | ScatterPlot;
  readonly x: Range;
  readonly y: Range;
  /** Of the values; null without any. */
  readonly range: Range | null;
}

export function fieldOf(plot: GridPlot | ScatterPlot): Field {
  if (plot.kind === 'grid') {
    return { plot, x: ascending(plot.xEdges), y: ascending(plot.yEdges), range: rangeOf(plot.cells) };
  }
  const [xs, ys, values] = plot.points;
  return { plot, x: widened(rangeOf(xs)), y: widened(rangeOf(ys)), range: rangeOf(values) };
}

const HATCH_PX = 6;
const DOT_PX = 3.5;

/** Draws with y upwards. */
export function drawField(canvas: HTMLCanvasElement, field: Field, style: CSSStyleDeclaration): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (field.plot.kind === 'grid') {
    drawHatch(context, style.getPropertyValue('--line-2').trim());
    drawCells(context, field.plot, field.range);
  } else drawDots(context, field, field.plot);
}

function drawCells(context: CanvasRenderingContext2D, plot: GridPlot, range: Range | null): void {
  const { width, height } = context.canvas;
  const [mirrorX, mirrorY] = [plot.xEdges[0] > plot.xEdges[1], plot.yEdges[0] > plot.yEdges[1]];
  for (let row = 0; row < plot.rows; row++) {
    for (let column = 0; column < plot.columns; column++) {
      const value = plot.cells[row * plot.columns + column] ?? null;
      if (value === null) continue;
      const x = mirrorX ? plot.columns - 1 - column : column;
      const y = mirrorY ? row : plot.rows - 1 - row;
      const [left, top] = [Math.floor((x * width) / plot.columns), Math.floor((y * height) / plot.rows)];
      const [right, bottom] = [
        Math.floor(((x + 1) * width) / plot.columns),
        Math.floor(((y + 1) * height) / plot.rows),
      ];
      context.fillStyle = colourOf(value, range);
      context.fillRect(left, top, right - left, bottom - top);
    }
  }
}

function drawDots(context: CanvasRenderingContext2D, { x, y, range }: Field, plot: ScatterPlot): void {
  const { width, height } = context.canvas;
  const [xs, ys, values] = plot.points;
  const radius = DOT_PX * (window.devicePixelRatio || 1);
  for (const [at, value] of values.entries()) {
    const [along, up] = [xs[at] ?? null, ys[at] ?? null];
    if (along === null || up === null) continue;
    context.fillStyle = colourOf(value, range);
    context.beginPath();
    const left = radius + partOf(along, x) * (width - 2 * radius);
    const top = radius + (1 - partOf(up, y)) * (height - 2 * radius);
    context.arc(left, top, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/** The same hatch as for frames that were never acquired. */
function drawHatch(context: CanvasRenderingContext2D, colour: string): void {
  const { width, height } = context.canvas;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -height; at < width; at += HATCH_PX) {
    context.moveTo(at, height);
    context.lineTo(at + height, 0);
  }
  context.stroke();
}

function colourOf(value: CellNumber, range: Range | null): string {
  const [red, green, blue] = colourAt(value === null || !range ? 0 : partOf(value, range));
  return `rgb(${red} ${green} ${blue})`;
}

function partOf(value: number, [low, high]: Range): number {
  return high > low ? (value - low) / (high - low) : 0.5;
}

function ascending([from, to]: Range): Range {
  return from <= to ? [from, to] : [to, from];
}

function widened(range: Range | null): Range {
  if (!range) return [0, 1];
  return range[0] < range[1] ? range : [range[0] - 0.5, range[1] + 0.5];
}

import type { DataColumn, GridPlot, LinePlot } from 'redsun/sdk/callbacks';
import { describe, expect, test } from 'vitest';
import { curveOf } from './curve.ts';
import { fieldOf } from './field.ts';
import { colourAt } from './palette.ts';
import { visibleRows } from './visible-rows.ts';
import { cellWord, columnWord, numberWord, peakWords, plotSummary, quantityWord, tickWord } from './words.ts';

const z: DataColumn = { key: 'z', unit: 'um', precision: 2, type: 'number' };
const mean: DataColumn = { key: 'camera_mean', unit: 'counts', precision: null, type: 'number' };
const frames: DataColumn = { key: 'frames', unit: null, precision: null, type: 'integer' };
const line: LinePlot = {
  kind: 'line',
  id: 'primary:camera_mean',
  stream: 'primary',
  x: z,
  y: mean,
  stride: 1,
  points: [
    [-1, 0, 1],
    [100, 812.5, null],
  ],
};

describe('words', () => {
  test('numbers have the decimals of their column, a true minus and a unit as people write it', () => {
    expect([columnWord(z), columnWord(frames)]).toEqual(['z (µm)', 'frames']);
    expect([quantityWord(-2.5, z), quantityWord(1284, frames)]).toEqual(['\u22122.50 µm', '1\u2009284']);
    expect([numberWord(0.25, mean), numberWord(0.0000012, mean), numberWord(-3e12, mean)]).toEqual([
      '0.250',
      '1.200e\u22126',
      '\u22123.000e+12',
    ]);
    expect([numberWord(null, z), cellWord(null, z), cellWord(true, frames), cellWord('FITC', frames)]).toEqual([
      '?',
      '?',
      'yes',
      'FITC',
    ]);
  });

  test('ticks have no more decimals than they need', () => {
    expect([tickWord(-2), tickWord(0.25), tickWord(1600), tickWord(2e-7)]).toEqual([
      '\u22122',
      '0.25',
      '1\u2009600',
      '2e\u22127',
    ]);
  });

  test('a plot is a sentence, its peak another', () => {
    const peak = { plot: line.id, x: z, y: mean, com: 0.1, cen: 0, max: [0, 812.5], min: [-1, 100], fwhm: 1.5 };
    expect(plotSummary(line, null)).toBe(
      'camera_mean over z: 3 points, z \u22121.00 to 1.00 µm, camera_mean 100.000 to 812.500 counts',
    );
    expect(peakWords(peak)).toBe('Maximum 812.500 counts at 0.00 µm, centre of mass 0.10 µm, width 1.50 µm');
    expect(plotSummary(line, peak)).toContain('. Maximum 812.500 counts');
  });

  test('a picture of a mesh says how much of it was measured', () => {
    const grid: GridPlot = {
      ...{ kind: 'grid', id: 'g', stream: 'primary', x: z, y: z, value: mean, columns: 2, rows: 1 },
      ...{ xEdges: [1, -1], yEdges: [0, 1], binning: [1, 1], cells: [5, null] },
    };
    expect(plotSummary(grid, null)).toBe('camera_mean over z and z: 1 of 2 cells, camera_mean 5.000 to 5.000 counts');
    expect(fieldOf(grid)).toMatchObject({ x: [-1, 1], y: [0, 1], range: [5, 5] });
  });
});

describe('curves', () => {
  test('that run upwards or downwards are joined, x ascending', () => {
    expect(
      curveOf([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toEqual({
      data: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      joined: true,
    });
    expect(
      curveOf([
        [3, 2, 1],
        [4, 5, null],
      ]),
    ).toEqual({
      data: [
        [1, 2, 3],
        [null, 5, 4],
      ],
      joined: true,
    });
  });

  test('that go to and fro are points only', () => {
    expect(
      curveOf([
        [1, 3, 2],
        [4, 5, 6],
      ]),
    ).toEqual({
      data: [
        [1, 2, 3],
        [4, 6, 5],
      ],
      joined: false,
    });
  });
});

test('rows in view are drawn, and a few around them', () => {
  expect(visibleRows(1000, 22, 0, 110)).toEqual({ first: 0, end: 17 });
  expect(visibleRows(1000, 22, 22 * 500, 110)).toEqual({ first: 488, end: 517 });
  expect(visibleRows(3, 22, 22 * 500, 110)).toEqual({ first: 0, end: 3 });
});

test('colours go from dark to bright in even steps', () => {
  const lightness = [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => {
    const [red, green, blue] = colourAt(part);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
  expect([colourAt(-1), colourAt(2)]).toEqual([colourAt(0), colourAt(1)]);
});

import { cpus } from 'node:os';
import { median } from '../engine/measure.ts';
import { type Outcome, SIDES, type Side } from './case.ts';

/** What all sides did in one case. */
export interface Measured {
  readonly name: string;
  readonly megabytes: number;
  /** Of the source frames, which are part of every side's memory. */
  readonly sourceMb: number;
  readonly outcomes: ReadonlyMap<Side, readonly Outcome[]>;
}

/** The tables for the README, a column for each side. */
export function storageTables(table: readonly Measured[], rounds: number): string {
  const sides = SIDES.filter((side) => table.some(({ outcomes }) => outcomes.has(side)));
  const head = `| | ${sides.join(' | ')} |\n|---|${sides.map(() => '---').join('|')}|`;
  const rows = (cell: (measured: Measured, side: Side, outcomes: readonly Outcome[]) => string) =>
    table.map((measured) => {
      const cells = sides.map((side) => {
        const outcomes = measured.outcomes.get(side);
        return outcomes ? cell(measured, side, outcomes) : '';
      });
      return `| ${measured.name} | ${cells.join(' | ')} |`;
    });
  const lag = table.map(({ name, outcomes }) => {
    const late = (outcomes.get('redsun') ?? []).map(({ lagP99Ms }) => lagP99Ms ?? Number.NaN);
    return `${name}: ${range(late, 1)}`;
  });
  return [
    'MB/s until all is on the disk; in brackets how many times as fast redsun is:',
    '',
    head,
    ...rows((measured, side, outcomes) => {
      const ours = measured.outcomes.get('redsun');
      const times =
        ours && side !== 'redsun' ? ` (${(rate(measured, ours) / rate(measured, outcomes)).toFixed(2)}x)` : '';
      return `${range(rates(measured, outcomes))}${times}`;
    }),
    '',
    'Peak memory of the process in MB, without the frames that are written again and again:',
    '',
    head,
    ...rows(({ sourceMb }, _side, outcomes) => range(outcomes.map(({ peakMb }) => peakMb - sourceMb))),
    '',
    `How late the main thread of redsun was while frames came, 99 of 100 times at most, ms: ${lag.join('; ')}.`,
    '',
    `Medians and ranges of ${rounds} rounds, all sides by turns, each after the same was written past the page cache; ${table
      .map(({ name, megabytes }) => `${name}: ${Math.round(megabytes)} MB`)
      .join(', ')}. ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}.`,
  ].join('\n');
}

function rates({ megabytes }: Measured, outcomes: readonly Outcome[]): number[] {
  return outcomes.map(({ durableS }) => megabytes / durableS);
}

function rate(measured: Measured, outcomes: readonly Outcome[]): number {
  return median(rates(measured, outcomes));
}

function range(numbers: readonly number[], digits = 0): string {
  const shown = (value: number) => value.toLocaleString('en', { maximumFractionDigits: digits });
  return `${shown(median(numbers))}, ${shown(Math.min(...numbers))} to ${shown(Math.max(...numbers))}`;
}

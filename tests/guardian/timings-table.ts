/** How long a light burnt after something had happened. */
export interface Timing {
  readonly event: string;
  readonly moment: string;
  readonly ms: number;
}

/** One line for each event in each moment: how often, the median and the worst time to darkness. */
export function timingsTable(timings: readonly Timing[]): string {
  const groups = new Map<string, number[]>();
  for (const { event, moment, ms } of timings) {
    const key = `| ${event.padEnd(40)} ${moment.padEnd(12)}`;
    groups.set(key, [...(groups.get(key) ?? []), ms]);
  }
  const head = `| ${'event'.padEnd(40)} ${'moment'.padEnd(12)} ${'n'.padStart(3)}  median ms  worst ms`;
  const lines = [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([key, all]) => `${key} ${figuresOf(all)}`);
  return [head, ...lines].join('\n');
}

function figuresOf(all: readonly number[]): string {
  const sorted = all.toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const [n, middle, worst] = [sorted.length, median, sorted.at(-1) ?? 0].map((value) => String(Math.round(value)));
  return `${n?.padStart(3)}  ${middle?.padStart(9)}  ${worst?.padStart(8)}`;
}

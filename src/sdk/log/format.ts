import type { LogRecord } from './logger.ts';

/**
 * A record as one line: `[23-11-26|02:15:00][WARNING][SimAxis -> z]: not settled after 300 ms`, local time.
 * Without a class only the name stands in the third bracket, without a name only the class.
 */
export function formatRecord({ time, level, className, source, message }: LogRecord): string {
  const speaker = [className, source].filter((part) => part).join(' -> ');
  return `[${stamp(time)}][${level.toUpperCase()}]${speaker === '' ? '' : `[${speaker}]`}: ${message}`;
}

function stamp(time: number): string {
  const date = new Date(time * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getDate(), date.getMonth() + 1, date.getFullYear() % 100].map(two).join('-');
  return `${day}|${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

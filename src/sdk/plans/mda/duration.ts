import { refusal } from './refusal.ts';
import type { MdaDuration, MdaDurationParts } from './time-plan.ts';

const MICROSECONDS: Readonly<Record<keyof MdaDurationParts, number>> = {
  weeks: 604_800_000_000,
  days: 86_400_000_000,
  hours: 3_600_000_000,
  minutes: 60_000_000,
  seconds: 1_000_000,
  milliseconds: 1_000,
  microseconds: 1,
};
const PART_NAMES = Object.keys(MICROSECONDS) as (keyof MdaDurationParts)[];
const ISO = /^([+-]?)P(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?=\d)(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/;
const CLOCK = /^([+-]?)(?:(\d+)\s*d(?:ays?)?(?:,\s*|\s+|$))?(?:(\d+):([0-5]?\d)(?::([0-5]?\d(?:[.,]\d+)?))?)?$/i;

/**
 * A length of time in whole microseconds, as Python's timedelta keeps it.
 * @throws RedsunError `mda/bad-sequence` for what is no length of time.
 */
export function microsecondsOf(duration: MdaDuration, path: string): number {
  const us =
    typeof duration === 'number'
      ? ofSeconds(duration)
      : typeof duration === 'string'
        ? ofText(duration.trim())
        : ofParts(duration);
  if (us === null || !Number.isSafeInteger(us)) {
    throw refusal(path, duration, 'a time: seconds, "0:01:30", "PT1M30S", or its parts');
  }
  return us;
}

/** Whole seconds and the rest apart, so that the rest keeps its digits; halves go away from zero. */
function ofSeconds(seconds: number): number {
  const size = Math.abs(seconds);
  const whole = Math.trunc(size);
  const us = whole * 1e6 + Math.round((size - whole) * 1e6);
  return seconds < 0 ? -us : us;
}

function ofText(text: string): number | null {
  const iso = ISO.exec(text);
  if (iso && text.length > 1 && /\d/.test(text)) {
    const [, sign, weeks, days, hours, minutes, seconds] = iso;
    return signed(sign, { weeks, days, hours, minutes, seconds });
  }
  const clock = CLOCK.exec(text);
  if (!clock || !/\d/.test(text)) return null;
  const [, sign, days, hours, minutes, seconds] = clock;
  return signed(sign, { days, hours, minutes, seconds: seconds?.replace(',', '.') });
}

function signed(sign: string | undefined, parts: { [name in keyof MdaDurationParts]: string | undefined }): number {
  let us = 0;
  for (const name of PART_NAMES) us += Number(parts[name] ?? 0) * MICROSECONDS[name];
  return Math.round(us) * (sign === '-' ? -1 : 1);
}

function ofParts(parts: MdaDurationParts): number | null {
  if (Object.keys(parts).some((name) => !(name in MICROSECONDS))) return null;
  return halfEven(PART_NAMES.reduce((us, name) => us + (parts[name] ?? 0) * MICROSECONDS[name], 0));
}

function halfEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

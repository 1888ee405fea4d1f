const THIN_SPACE = '\u2009';
const MINUS = '\u2212';

/** `1 284.50`: thin space between thousands, true minus sign, a fixed number of decimals. */
export function formatNumber(value: number, decimals = 0): string {
  const [whole = '0', part] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  const digits = part === undefined ? grouped : `${grouped}.${part}`;
  return value < 0 && Number(value.toFixed(decimals)) !== 0 ? MINUS + digits : digits;
}

/** Up to `decimals` decimals, without trailing zeros. */
export function formatShort(value: number, decimals: number): string {
  const text = formatNumber(value, decimals);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `?` for what nobody has read. */
export function formatMaybe(value: number | null | undefined, decimals = 0): string {
  return value === null || value === undefined ? '?' : formatNumber(value, decimals);
}

export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** 1 000-based, three digits: `126.8 GB`. */
export function bytesAs(bytes: number): Quantity {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let scaled = bytes;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const decimals = unit === 0 || scaled >= 100 ? (unit >= 3 ? 1 : 0) : scaled >= 10 ? 1 : 2;
  return { value: formatNumber(scaled, decimals), unit: units[unit] ?? 'B' };
}

export function formatBytes(bytes: number): string {
  const { value, unit } = bytesAs(bytes);
  return `${value} ${unit}`;
}

/** `8 s`, `12 min 11 s`, `5 h 38 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return seconds < 10 ? `${formatShort(Math.max(0, seconds), 1)} s` : `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A range in one unit: `18–20 min`. Equal ends give one number. */
export function durationRangeAs(low: number, high: number): Quantity {
  const [divisor, unit] = high < 90 ? [1, 's'] : high < 5400 ? [60, 'min'] : [3600, 'h'];
  const digits = (seconds: number) => {
    const scaled = seconds / divisor;
    return formatShort(scaled, scaled < 10 ? 1 : 0);
  };
  const [from, to] = [digits(low), digits(high)];
  return { value: from === to ? to : `${from}–${to}`, unit };
}

/** `15:42:07`, local. */
export function formatClock(unixS: number, digits: 'minutes' | 'seconds' | 'milliseconds' = 'minutes'): string {
  const date = new Date(unixS * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (digits === 'minutes') return minutes;
  const seconds = `${minutes}:${two(date.getSeconds())}`;
  return digits === 'seconds' ? seconds : `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** When something will be, `18:04`; on another day than now with that day, `2026-12-24 18:04`. Local. */
export function formatMoment(unixS: number, nowS: number): string {
  const [day, clock] = [formatDate(unixS), formatClock(unixS)];
  return day === formatDate(nowS) ? clock : `${day} ${clock}`;
}

/** From when to when, `18:04–18:20`, `2026-12-24 23:50–2026-12-25 01:10`: a day that is said once, or is today, is not said again. */
export function formatSpan(fromS: number, toS: number, nowS: number): string {
  const [from, to] = [formatMoment(fromS, nowS), formatMoment(toS, nowS)];
  if (from === to) return to;
  return `${from}–${formatDate(fromS) === formatDate(toS) ? formatClock(toS) : to}`;
}

/** `2026-11-22`, local. */
export function formatDate(unixS: number): string {
  const date = new Date(unixS * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

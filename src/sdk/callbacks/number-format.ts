// Numbers as Python's % formats write them, so that tables read the same.

/** `%.{decimals}f`: ties go to the even digit, also for numbers from 10^21 on. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size >= 1e21) return `${sign}${BigInt(size)}${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`;
  const text = size.toFixed(decimals);
  return sign + (isTie(size, decimals) ? evenTie(size, text, decimals) : text);
}

/** `%.{decimals}e`: at least two digits of exponent. */
export function exponential(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const text = Object.is(value, -0) ? `-${(0).toExponential(decimals)}` : value.toExponential(decimals);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** How many digits `formatNum` gives. */
export interface NumberFormatOptions {
  /** Beyond 10^pre numbers are written with an exponent. Default 5. */
  readonly pre?: number;
  /** Digits after the point, and below 10^-post numbers are written with an exponent. Default 5. */
  readonly post?: number;
}

/** A number for people: fixed point in the middle, with an exponent where it is very large or very small. */
export function formatNum(value: number, { pre = 5, post = 5 }: NumberFormatOptions = {}): string {
  const size = Math.abs(value);
  if (value !== 0 && (size > 10 ** pre || size < 10 ** -post)) return exponential(value, post);
  return fixed(value, post).padStart(pre);
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
}

/** Further digits than a number between two neighbours at `decimals` can have, if its next digit is a lone 5. */
const DIGITS_OF_A_TIE = 25;

function isTie(size: number, decimals: number): boolean {
  const digits = size.toFixed(Math.min(100, decimals + DIGITS_OF_A_TIE));
  return /^50*$/.test(digits.slice(digits.length - Math.min(100 - decimals, DIGITS_OF_A_TIE)));
}

function evenTie(size: number, roundedUp: string, decimals: number): string {
  const lastDigit = Number(roundedUp.at(-1));
  if (lastDigit % 2 === 0) return roundedUp;
  const exact = size.toFixed(decimals + 1);
  return exact.slice(0, decimals === 0 ? -2 : -1);
}

/** Factors to the first unit of each family. */
const UNIT_FAMILIES: readonly Readonly<Record<string, number>>[] = [
  { µm: 1, um: 1, nm: 1e-3, mm: 1e3, cm: 1e4 },
  { ms: 1, us: 1e-3, µs: 1e-3, s: 1e3, min: 6e4, h: 36e5 },
  { mW: 1, µW: 1e-3, uW: 1e-3, W: 1e3 },
  { '%': 1 },
  { '°': 1, deg: 1 },
];

export type ParsedQuantity =
  | { readonly kind: 'number'; readonly value: number; readonly converted: boolean }
  | { readonly kind: 'unreadable'; readonly message: string };

/** A sign, digits that may be grouped by threes, a decimal part, an exponent; then a unit. */
const QUANTITY = /^([+-]?)(\d+|\d{1,3}(?: \d{3})+)?(?:([.,])(\d+))?(e[+-]?\d+)?\s*([^\d\s.,+-][^\d]*)?$/i;

/**
 * Reads what an operator types: `1 284,5`, `−3`, `1.5 mm` for a field in µm. What people of two countries read
 * as two numbers, as `1,000` and `1.000`, is asked back instead of guessed.
 */
export function parseQuantity(text: string, unit: string | undefined): ParsedQuantity {
  const plain = text
    .replace(/[\s\u2009\u00a0\u202f]+/g, ' ')
    .trim()
    .replace(/\u2212/g, '-')
    .replace(/^([+-]) /, '$1')
    .replace(/\u03bc/g, 'µ');
  const match = QUANTITY.exec(plain);
  const [, sign = '', whole = '', mark = '', part = '', exponent = ''] = match ?? [];
  const digits = `${sign}${whole.replace(/ /g, '')}${part === '' ? '' : `.${part}`}${exponent}`;
  if (!match || (whole === '' && part === '') || !Number.isFinite(Number(digits))) {
    return { kind: 'unreadable', message: plain === '' ? 'A number is needed' : `"${shortened(plain)}" is no number` };
  }
  // One mark with exactly three digits behind it may be that of thousands. After 0, four digits or spaces it cannot.
  if (part.length === 3 && /^[1-9]\d{0,2}$/.test(whole)) {
    const decimal = `${whole}.${part.replace(/0+$/, '').padEnd(1, '0')}`;
    const question = `${decimal} or ${whole}${part}`;
    return { kind: 'unreadable', message: `${whole}${mark}${part}: is it ${question}? Type it so` };
  }
  const typed = match[6]?.trim();
  if (typed === undefined || typed === unit) return { kind: 'number', value: Number(digits), converted: false };
  const family = unit === undefined ? undefined : UNIT_FAMILIES.find((units) => Object.hasOwn(units, unit));
  const from = family && Object.hasOwn(family, typed) ? family[typed] : undefined;
  const to = unit === undefined ? undefined : family?.[unit];
  if (from === undefined || to === undefined) {
    const name = shortened(typed);
    return {
      kind: 'unreadable',
      message: unit === undefined ? `"${name}" has no place here` : `"${name}" is no unit for ${unit}`,
    };
  }
  // Rounded at the 12th digit, or 0.3 mm would read 300.00000000000006 µm.
  return { kind: 'number', value: Number(((Number(digits) * from) / to).toPrecision(12)), converted: true };
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

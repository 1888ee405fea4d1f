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

/** Reads what an operator types: `1 284,5`, `−3`, `1.5 mm` for a field in µm. */
export function parseQuantity(text: string, unit: string | undefined): ParsedQuantity {
  const plain = text
    .replace(/[\s\u2009\u00a0]+/g, ' ')
    .trim()
    .replace(/\u2212/g, '-')
    .replace(/\u03bc/g, 'µ');
  const match = /^([+-]?(?:\d[\d ]*)?(?:[.,]\d+)?(?:e[+-]?\d+)?)\s*([^\d\s.,+-][^\d]*)?$/i.exec(plain);
  const digits = match?.[1]?.replace(/ /g, '').replace(',', '.') ?? '';
  if (!match || digits === '' || !Number.isFinite(Number(digits))) {
    return { kind: 'unreadable', message: text.trim() === '' ? 'A number is needed' : `"${text.trim()}" is no number` };
  }
  const typed = match[2]?.trim();
  if (typed === undefined || typed === unit) return { kind: 'number', value: Number(digits), converted: false };
  const family = unit === undefined ? undefined : UNIT_FAMILIES.find((units) => unit in units);
  const from = family?.[typed];
  const to = unit === undefined ? undefined : family?.[unit];
  if (from === undefined || to === undefined) {
    return {
      kind: 'unreadable',
      message: unit === undefined ? `"${typed}" has no place here` : `"${typed}" is no unit for ${unit}`,
    };
  }
  // Rounded at the 12th digit, or 0.3 mm would read 300.00000000000006 µm.
  return { kind: 'number', value: Number(((Number(digits) * from) / to).toPrecision(12)), converted: true };
}

export interface ScaleBar {
  readonly label: string;
  readonly widthPx: number;
}

/** A bar of a round length (1, 2, 5 x 10^n) that fills at most `spacePx` of the screen. */
export function scaleBarFor(umPerScreenPx: number, spacePx: number): ScaleBar {
  const mostUm = umPerScreenPx * spacePx;
  const decade = 10 ** Math.floor(Math.log10(mostUm));
  const lengthUm = decade * ([5, 2].find((step) => step * decade <= mostUm) ?? 1);
  return { label: lengthLabel(lengthUm), widthPx: lengthUm / umPerScreenPx };
}

function lengthLabel(um: number): string {
  if (um >= 1000) return `${Number((um / 1000).toPrecision(3))} mm`;
  if (um < 1) return `${Number((um * 1000).toPrecision(3))} nm`;
  return `${Number(um.toPrecision(3))} µm`;
}

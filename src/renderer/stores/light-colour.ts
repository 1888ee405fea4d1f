const LINES_NM = [405, 445, 488, 515, 561, 594, 640] as const;

/** The colour role of a light's line; other lines take the nearest, beyond 700 nm the rose of 640. */
export function lightColour(wavelengthNm: number | null): string {
  if (wavelengthNm === null) return 'var(--light-white)';
  const nearest = LINES_NM.reduce((best, line) =>
    Math.abs(line - wavelengthNm) < Math.abs(best - wavelengthNm) ? line : best,
  );
  return `var(--light-${nearest})`;
}

/** `488 nm`, `White`. */
export function lightTitle(wavelengthNm: number | null): string {
  return wavelengthNm === null ? 'White' : `${wavelengthNm} nm`;
}

/** Names of lights as the operator reads them; two of one line are told apart by their device's name. */
export function lightTitles(
  lights: readonly { readonly name: string; readonly wavelengthNm: number | null }[],
): ReadonlyMap<string, string> {
  return new Map(
    lights.map(({ name, wavelengthNm }) => {
      const title = lightTitle(wavelengthNm);
      const alone = lights.filter((light) => light.wavelengthNm === wavelengthNm).length === 1;
      return [name, alone ? title : `${title} ${name}`];
    }),
  );
}

const SECOND_ESC_MS = 1000;

/** Decides whether an Esc means STOP: at once, unless something else needs it; a second within 1 s always. */
export function createEscapeRule(monotonicMs: () => number): (isTakenElsewhere: boolean) => boolean {
  let firstMs = Number.NEGATIVE_INFINITY;
  return (isTakenElsewhere) => {
    const isSecond = monotonicMs() - firstMs <= SECOND_ESC_MS;
    firstMs = isTakenElsewhere && !isSecond ? monotonicMs() : Number.NEGATIVE_INFINITY;
    return !isTakenElsewhere || isSecond;
  };
}

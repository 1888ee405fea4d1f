/** One straight move at constant velocity. */
export interface Segment {
  readonly fromUm: number;
  readonly toUm: number;
  readonly startMs: number;
  readonly velocityUmPerS: number;
}

export function durationMs(segment: Segment): number {
  return (Math.abs(segment.toUm - segment.fromUm) / segment.velocityUmPerS) * 1000;
}

/** Where the motor is at `nowMs`; it stays at the end of the segment. */
export function positionAt(segment: Segment, nowMs: number): number {
  const total = durationMs(segment);
  const elapsedMs = nowMs - segment.startMs;
  if (elapsedMs >= total) return segment.toUm;
  if (elapsedMs <= 0) return segment.fromUm;
  return segment.fromUm + (segment.toUm - segment.fromUm) * (elapsedMs / total);
}

/** Where a table with play in its screw stands once the motor is at `motorUm`: it is pushed only by the edges of the play. */
export function dragged(tableUm: number, motorUm: number, backlashUm: number): number {
  return Math.min(Math.max(tableUm, motorUm - backlashUm / 2), motorUm + backlashUm / 2);
}

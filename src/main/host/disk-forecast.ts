/** What a run has written and how long it has to go. */
export interface DiskUse {
  /** Unix time, s. */
  readonly nowS: number;
  /** Seconds of work so far, pauses aside. */
  readonly workedS: number;
  readonly bytesWritten: number;
  readonly freeBytes: number;
  /** Seconds left at most; null: unknown. */
  readonly leftS: number | null;
}

/** A disk that is full before the run ends. Times are Unix times, s; `endsAt` is null when nobody knows when the run ends. */
export interface DiskForecast {
  readonly fullAt: number;
  readonly endsAt: number | null;
}

/** Below this, the first frames say nothing about those to come. */
const LEAST_S = 5;

/** When the disk will be full, if the run goes on as it has so far; null: it ends before, or nobody can say yet. */
export function forecastDisk({ nowS, workedS, bytesWritten, freeBytes, leftS }: DiskUse): DiskForecast | null {
  if (workedS < LEAST_S || bytesWritten === 0) return null;
  const fullInS = freeBytes / (bytesWritten / workedS);
  if (leftS !== null && fullInS >= leftS) return null;
  // A run of unknown length fills any disk some day: said when that day is near.
  if (leftS === null && fullInS > UNKNOWN_HORIZON_S) return null;
  return { fullAt: nowS + fullInS, endsAt: leftS === null ? null : nowS + leftS };
}

const UNKNOWN_HORIZON_S = 24 * 3600;

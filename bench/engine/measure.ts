/** One figure of one side. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** True: the more the better; false: the less. */
  readonly moreIsBetter: boolean;
}

/** What both sides measure, by the definitions of the recorded baseline: in-memory devices that are done at once. */
export const FIGURES = {
  null_msgs_per_s: { name: '20,000 messages that do nothing', unit: 'messages/s', moreIsBetter: true },
  checkpoint_msgs_per_s: { name: '20,000 checkpoints', unit: 'messages/s', moreIsBetter: true },
  count_events_per_s_0sub: { name: 'count of 2000 readings, nobody listens', unit: 'events/s', moreIsBetter: true },
  count_events_per_s_1sub: { name: 'count of 2000 readings, one subscriber', unit: 'events/s', moreIsBetter: true },
  scan_events_per_s_1sub: { name: 'scan of 2000 points, one subscriber', unit: 'events/s', moreIsBetter: true },
  grid_events_per_s_0sub: { name: 'grid scan of 50 x 40 points', unit: 'events/s', moreIsBetter: true },
  monitor_events_per_s: { name: '2000 changes of a monitored signal', unit: 'events/s', moreIsBetter: true },
  stream_collect_per_s: { name: '500 frames of a flying detector', unit: 'documents/s', moreIsBetter: true },
  first_doc_ms: { name: 'from the call to the first document', unit: 'ms', moreIsBetter: false },
  run_total_ms: { name: 'count of one reading, whole call', unit: 'ms', moreIsBetter: false },
  pause_ms: { name: 'from the request to the pause', unit: 'ms', moreIsBetter: false },
  resume_first_msg_ms: { name: 'from resume to the first message', unit: 'ms', moreIsBetter: false },
} as const satisfies Record<string, Figure>;
export type FigureName = keyof typeof FIGURES;
/** Each figure five times, after one that does not count. */
export type Measured = Readonly<Record<FigureName, readonly number[]>>;

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

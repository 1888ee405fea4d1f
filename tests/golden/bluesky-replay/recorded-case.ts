import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', 'bluesky');

/** One case as bluesky 1.15.1 ran it; or ours, in the same form. */
export interface Trace {
  /** Messages in the order in which they were executed. */
  readonly msgs: readonly unknown[];
  /** Name and document, uids counted in the order of their first emission. */
  readonly docs: readonly (readonly [string, unknown])[];
  /** How messages (M), documents (D), states (S), control calls (C) and timers (T) follow each other. */
  readonly timeline: readonly string[];
  /** What was asked of devices: name, method, arguments. */
  readonly device_log: readonly unknown[];
  readonly outcome: { readonly calls: readonly RecordedCall[]; readonly stops: readonly unknown[] };
  /** What the case itself has taken down. */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** How a control call ended. */
export interface RecordedCall {
  readonly call: string;
  readonly raised: { readonly type: string; readonly message: string; readonly cause?: unknown } | null;
  readonly result: unknown;
  readonly state_after: string;
}

export interface RecordedCase extends Trace {
  readonly name: string;
  readonly group: string;
  readonly description: string;
}

/** All recorded cases. */
export function recordedCases(): RecordedCase[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as RecordedCase);
}

import type { Logger } from '../log/logger.ts';
import type { Clock } from '../util/clock.ts';
import type { PathProvider } from './path-providers.ts';
import type { Writer } from './writer.ts';

/** What the host lends to a writer of a bundle: time, log, and where the frames of the run go. */
export interface WriterContext {
  /** All waiting goes through it. */
  readonly clock: Clock;
  /** Speaks under the name of the writer. */
  readonly logger: Logger;
  /** The store of the run, `file:` URI in the run's folder; its last part is a name without suffix. @throws RedsunError `store/no-target` between runs. */
  readonly paths: PathProvider;
}

/** What a bundle's manifest names below `writers`. A static `options` says which keys the session may have beside `plugin_name` and `plugin_id`. */
export type WriterClass = new (name: string, options: Record<string, unknown>, context: WriterContext) => Writer;

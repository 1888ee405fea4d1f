import { createLogger, type Logger, type LogSink } from 'redsun/sdk/log';
import type { Clock } from 'redsun/sdk/util';

/** A logger for a part of the session, by its name. */
export type LoggerFor = (source: string) => Logger;

export function loggerFactory(clock: Clock, sink: LogSink): LoggerFor {
  return (source) => createLogger(source, () => clock.now(), sink);
}

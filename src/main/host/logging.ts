import { createLogger, type Logger, type LogSink } from 'redsun/sdk/log';
import type { Clock } from 'redsun/sdk/util';

/** A logger for a part of the session, by its name. */
export type LoggerFor = (source: string, className?: string) => Logger;

export function loggerFactory(clock: Clock, sink: LogSink): LoggerFor {
  return (source, className) => createLogger(source, () => clock.now(), sink, className);
}

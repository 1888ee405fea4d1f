import { createLogger, type Logger, type LogSink } from 'redsun/sdk/log';
import type { Clock } from 'redsun/sdk/util';
import { boundedMessage } from '../../shared/ipc/errors.ts';

/** A logger for a part of the session, by its name. */
export type LoggerFor = (source: string, className?: string) => Logger;

export function loggerFactory(clock: Clock, sink: LogSink): LoggerFor {
  // A name of a megabyte would push everything else out of sight, and out of memory.
  const bounded: LogSink = (record) => sink({ ...record, message: boundedMessage(record.message) });
  return (source, className) => createLogger(source, () => clock.now(), bounded, className);
}

export { formatRecord } from './format.ts';
export { type IsLoggable, isLoggable, Loggable, type MakeLogger } from './loggable.ts';
export {
  createLogger,
  LOG_LEVELS,
  LogBuffer,
  type Logger,
  type LogLevel,
  type LogRecord,
  type LogSink,
} from './logger.ts';

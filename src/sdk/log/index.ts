export {
  createLogger,
  LOG_LEVELS,
  LogBuffer,
  type Logger,
  type LogLevel,
  type LogRecord,
  type LogSink,
} from './logger.ts';

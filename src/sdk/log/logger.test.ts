import { expect, test } from 'vitest';
import { createLogger, LOG_LEVELS, LogBuffer, type LogRecord } from './logger.ts';

function record(message: string): LogRecord {
  return { time: 1, level: 'info', source: 'z', message };
}

test('records carry source, level and the time at which they were made', () => {
  let now = 10;
  const records: LogRecord[] = [];
  const logger = createLogger(
    'z',
    () => now,
    (entry) => records.push(entry),
  );
  for (const level of LOG_LEVELS) {
    logger[level](`says ${level}`);
    now++;
  }
  expect(records).toEqual(
    LOG_LEVELS.map((level, index) => ({ time: 10 + index, level, source: 'z', message: `says ${level}` })),
  );
});

test('the buffer keeps the newest records', () => {
  const buffer = new LogBuffer(2);
  for (const message of ['a', 'b', 'c']) buffer.write(record(message));
  expect(buffer.records.map(({ message }) => message)).toEqual(['b', 'c']);
});

test('what was read of the buffer does not change any more', () => {
  const buffer = new LogBuffer();
  const before = buffer.records;
  buffer.write(record('a'));
  expect([before.length, buffer.records.length]).toEqual([0, 1]);
});

test('listeners hear new records until they are disposed, even from within a listener', () => {
  const buffer = new LogBuffer();
  const heard: string[] = [];
  const first = buffer.subscribe(({ message }) => {
    heard.push(`first ${message}`);
    first[Symbol.dispose]();
  });
  buffer.subscribe(({ message }) => heard.push(`second ${message}`));
  buffer.write(record('a'));
  buffer.write(record('b'));
  expect(heard).toEqual(['first a', 'second a', 'second b']);
});

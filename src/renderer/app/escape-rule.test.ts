import { expect, test } from 'vitest';
import { createEscapeRule } from './escape-rule.ts';

test('Esc stops at once when nothing else needs it', () => {
  expect(createEscapeRule(() => 0)(false)).toBe(true);
});

test('a field being edited takes the first Esc, and only that', () => {
  let nowMs = 0;
  const isStop = createEscapeRule(() => nowMs);
  expect(isStop(true)).toBe(false);
  nowMs = 900;
  expect(isStop(true)).toBe(true);
});

test('a second Esc that comes late is a first one again', () => {
  let nowMs = 0;
  const isStop = createEscapeRule(() => nowMs);
  expect(isStop(true)).toBe(false);
  nowMs = 1500;
  expect(isStop(true)).toBe(false);
  nowMs = 2000;
  expect(isStop(false)).toBe(true);
});

import { expect, test } from 'vitest';
import { type FocusedElement, type Key, shortcutOf, takesText } from './shortcut-rule.ts';

const key = (name: string, held: Partial<Key> = {}): Key => ({
  key: name,
  code: name === ' ' ? 'Space' : `Key${name.toUpperCase()}`,
  ctrlKey: true,
  shiftKey: false,
  altKey: false,
  ...held,
});
const element = (
  tagName: string,
  attributes: Record<string, string> = {},
  isContentEditable = false,
): FocusedElement => ({
  tagName,
  isContentEditable,
  getAttribute: (name) => attributes[name] ?? null,
});

test.each([
  ['k', 'snap'],
  ['L', 'live'],
  ['Enter', 'run'],
])('Ctrl+%s acts on the microscope', (name, meaning) => {
  expect(shortcutOf(key(name), 'idle')).toEqual({ kind: 'acting', name: meaning });
});

test('Ctrl+Space holds a run, and going on again acts', () => {
  expect(shortcutOf(key(' '), 'running')).toEqual({ kind: 'safe', name: 'pause' });
  expect(shortcutOf(key(' '), 'paused')).toEqual({ kind: 'acting', name: 'resume' });
});

test('all lights off is safe wherever it is pressed', () => {
  expect(shortcutOf(key('L', { shiftKey: true }), 'running')).toEqual({ kind: 'safe', name: 'allOff' });
});

test.each(['k', 'l', 'Enter'])('AltGr and %s types a letter and acts on nothing', (name) => {
  expect(shortcutOf(key(name, { altKey: true }), 'idle')).toBeNull();
});

test.each([
  element('INPUT'),
  element('INPUT', { type: 'search' }),
  element('INPUT', { type: 'number' }),
  element('INPUT', { role: 'spinbutton' }),
  element('TEXTAREA'),
  element('DIV', { role: 'textbox' }),
  element('P', {}, true),
])('letters go into element %#', (focused) => {
  expect(takesText(focused)).toBe(true);
});

test.each([
  null,
  element('BODY'),
  element('BUTTON'),
  element('SELECT', { role: 'combobox' }),
  element('INPUT', { type: 'range' }),
  element('INPUT', { type: 'checkbox', role: 'switch' }),
  element('DIV', { role: 'img' }),
])('no letters go into element %#', (focused) => {
  expect(takesText(focused)).toBe(false);
});

import { expect, test } from 'vitest';
import { portName } from './port-name.ts';

test.each(['COM5', 'com5', '\\\\.\\COM5', '//./com5', '\\\\?\\Com5', ' COM5 '])('%j is one port of Windows', (path) => {
  expect(portName(path, 'win32')).toBe('COM5');
});

test('what is no such name stays, and so does every name elsewhere', () => {
  for (const path of ['COM15x', 'C:\\COM5\\x', 'CNCA0']) expect(portName(path, 'win32')).toBe(path);
  expect(portName('com5', 'linux')).toBe('com5');
});

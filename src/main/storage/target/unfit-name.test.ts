import { describe, expect, test } from 'vitest';
import { plainPath, unfitName } from './unfit-name.ts';

describe('on Windows', () => {
  test.each([
    ['C:\\data\\CON', '"CON" is the name of a device'],
    ['C:\\aux.txt\\runs', '"aux.txt" is the name of a device'],
    ['D:/lpt1', '"lpt1" is the name of a device'],
    ['C:\\a<b', '"a<b" has "<" in it'],
    ['C:\\data\\run:2', '"run:2" has ":" in it'],
    ['C:\\data\\end.', '"end." ends with a dot or a blank'],
    ['C:\\data \\x', '"data " ends with a dot or a blank'],
    [`C:\\${'x'.repeat(256)}`, 'this name has 256 characters'],
    ['\\\\server\\share\\nul', '"nul" is the name of a device'],
  ])('%s cannot be made', (path, why) => {
    expect(unfitName(path, 'win32')).toContain(why);
  });

  test.each(['C:\\', 'C:\\data ü\\2026.12', 'c:/Console/.config', '\\\\server\\share\\x', 'D:\\com10\\auxiliary'])(
    '%s can',
    (path) => {
      expect(unfitName(path, 'win32')).toBeNull();
    },
  );

  test('a long form of a path is the path', () => {
    expect(plainPath('\\\\?\\C:\\runs', 'win32')).toBe('C:\\runs');
    expect(plainPath('//?/c:/runs', 'win32')).toBe('c:/runs');
    expect(plainPath('\\\\?\\UNC\\server\\share', 'win32')).toBe('\\\\server\\share');
    expect(plainPath('\\\\server\\share', 'win32')).toBe('\\\\server\\share');
    expect(plainPath('\\\\?\\C:\\runs', 'linux')).toBe('\\\\?\\C:\\runs');
  });
});

test('elsewhere all of that can be made, and length is counted in bytes', () => {
  for (const path of ['/data/CON', '/data/a<b:c', '/data/end. ']) expect(unfitName(path, 'linux')).toBeNull();
  expect(unfitName(`/data/${'ü'.repeat(128)}`, 'linux')).toContain('has 256 bytes');
});

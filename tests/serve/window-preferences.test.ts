import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { windowPreferences } from '../../src/main/electron/window-preferences.ts';
import { root } from '../host/test-host.ts';

test('a window is sandboxed, isolated and without Node', () => {
  const { preload, sandbox, contextIsolation, nodeIntegration, webSecurity, ...others } = windowPreferences('/p.cjs');
  expect({ preload, sandbox, contextIsolation, nodeIntegration, webSecurity }).toEqual({
    preload: '/p.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
  // Whatever else is set is about drawing: a new key has to be thought about here.
  expect(Object.keys(others)).toEqual(['backgroundThrottling']);
});

test('no other file of the app makes a window or gives one preferences of its own', async () => {
  const folder = join(root, 'src', 'main');
  const makers: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const text = await readFile(join(folder, name), 'utf8');
    if (/new BrowserWindow\(|webPreferences:/.test(text)) makers.push(name);
    if (/new BrowserWindow\(/.test(text)) expect(text).toContain('webPreferences: windowPreferences(');
  }
  expect(makers).toEqual([join('electron', 'window.ts')]);
});

// Finds an Electron that can open a window here, or says in one line why there is none.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, root } from './prepare.mjs';

const testElectron = () => cacheFolder('electron-test-runtime');

/** @returns {{ path: string } | { why: string }} */
export function findElectron({ download }) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(override, 'electron');
    return existsSync(path) ? { path } : { why: `there is no Electron in ELECTRON_OVERRIDE_DIST_PATH (${override})` };
  }
  const folder = join(root, 'node_modules', 'electron');
  const installed = () => {
    const name = join(folder, 'path.txt');
    return existsSync(name) ? join(folder, 'dist', readFileSync(name, 'utf8')) : null;
  };
  if (!installed() && download) {
    // Electron fetches its binary on first use.
    spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore', timeout: 120_000 });
  }
  const path = installed();
  return path && existsSync(path) ? { path } : { why: 'the Electron binary is not there and could not be downloaded' };
}

/** A display to open a window on? */
export function findDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Folder of the Electron that the tests run in; provisioned on demand, never shipped. */
export function provisionTestElectron() {
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = testElectron();
  const result = spawnSync('bash', [join(root, 'scripts', 'electron-runtime', 'provision.sh'), folder], {
    encoding: 'utf8',
  });
  if (result.status !== 0)
    throw new Error(`No Electron for tests: ${(result.stderr || result.stdout).trim().split('\n').pop()}`);
  return folder;
}

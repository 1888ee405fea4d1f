// What the tests need beside npm packages: Chromium, a virtual display, pseudo-terminals, Python with venv, unsquashfs, Wine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { say } from './prepare.mjs';

const TOOLS = [
  { command: 'chromium', debian: 'chromium', path: '/usr/bin/chromium' },
  { command: 'Xvfb', debian: 'xvfb' },
  { command: 'xauth', debian: 'xauth' },
  { command: 'socat', debian: 'socat' },
  { command: 'unsquashfs', debian: 'squashfs-tools' },
  { command: 'python3', debian: 'python3-venv' },
];
/** Apart from the others: not every processor and every Debian has them, and the others are not to wait for that. */
const WINE = [
  { command: 'wine64', debian: 'wine', path: '/usr/lib/wine/wine64' },
  { command: 'wineboot', debian: 'wine64', path: '/usr/lib/wine/wineserver64' },
  { command: 'x86_64-w64-mingw32-gcc-win32', debian: 'gcc-mingw-w64-x86-64-win32' },
];

function has({ command, path }) {
  if (path && existsSync(path)) return true;
  return spawnSync(process.platform === 'win32' ? 'where' : 'which', [command], { stdio: 'ignore' }).status === 0;
}

/** On Debian as root: installs what is missing. */
export function provideTools() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  for (const tools of [TOOLS, WINE]) installPackages(tools.filter((tool) => !has(tool)).map(({ debian }) => debian));
}

function installPackages(packages) {
  if (packages.length === 0) return;
  say(`Installing ${packages.join(', ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const result = spawnSync('apt-get', args, { env, encoding: 'utf8' });
    if (result.status !== 0) say(`apt-get ${args[0]}: ${result.stderr}`);
  }
}

/** Why a shell, or Windows, cannot be tested here; absent: it can. */
export function missingTools() {
  const lacking = {};
  const by = (command) => TOOLS.find((tool) => tool.command === command);
  if (!has(by('chromium'))) lacking.chromium = 'Chromium is not installed';
  if (process.platform !== 'linux') lacking.electron = 'the Electron for tests is for Linux';
  else if (!has(by('unsquashfs'))) lacking.electron = 'unsquashfs is not installed';
  else if (!process.env.DISPLAY && !has(by('Xvfb'))) lacking.electron = 'there is no display and no Xvfb';
  const wine = WINE.filter((tool) => !has(tool)).map(({ debian }) => debian);
  if (wine.length > 0) lacking.wine = `${wine.join(', ')} not installed`;
  return lacking;
}

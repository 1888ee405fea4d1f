// What the tests need beside npm packages: Chromium, a virtual display, pseudo-terminals, Python with venv, unsquashfs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { say } from './prepare.mjs';

const TOOLS = [
  { command: 'chromium', debian: 'chromium', path: '/usr/bin/chromium' },
  { command: 'xvfb-run', debian: 'xvfb' },
  { command: 'xauth', debian: 'xauth' },
  { command: 'socat', debian: 'socat' },
  { command: 'unsquashfs', debian: 'squashfs-tools' },
  { command: 'python3', debian: 'python3-venv' },
];

function has({ command, path }) {
  if (path && existsSync(path)) return true;
  return spawnSync(process.platform === 'win32' ? 'where' : 'which', [command], { stdio: 'ignore' }).status === 0;
}

/** On Debian as root: installs what is missing. */
export function provideTools() {
  const missing = TOOLS.filter((tool) => !has(tool));
  if (
    missing.length === 0 ||
    process.platform !== 'linux' ||
    process.getuid?.() !== 0 ||
    !existsSync('/usr/bin/apt-get')
  )
    return;
  const packages = missing.map(({ debian }) => debian);
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

/** Why a shell cannot be tested here, by shell; absent: it can. */
export function missingTools() {
  const lacking = {};
  const by = (command) => TOOLS.find((tool) => tool.command === command);
  if (!has(by('chromium'))) lacking.chromium = 'Chromium is not installed';
  if (process.platform !== 'linux') lacking.electron = 'the Electron for tests is for Linux';
  else if (!has(by('unsquashfs'))) lacking.electron = 'unsquashfs is not installed';
  else if (!process.env.DISPLAY && !has(by('xvfb-run'))) lacking.electron = 'there is no display and no xvfb-run';
  return lacking;
}

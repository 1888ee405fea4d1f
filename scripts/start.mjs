// `npm start`: the window on the simulated microscope. Where no window can be opened it serves the same page to a browser.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findDisplay, findElectron } from './lib/electron.mjs';
import { follow, withParents } from './lib/follow.mjs';
import { build, install, nodeBinary, root, say } from './lib/prepare.mjs';

try {
  install();
  build();
} catch (error) {
  say(error.message);
  process.exit(2);
}

const display = findDisplay();
const electron = display ? findElectron({ download: true }) : { why: 'there is no display' };
const [session] = process.argv.slice(2);
const environment = { ...withParents(), ...(session ? { REDSUN_SESSION: session } : {}) };
delete environment.ELECTRON_RUN_AS_NODE;

if ('path' in electron) {
  follow(spawn(electron.path, [root], { stdio: 'inherit', env: environment }));
} else {
  process.stdout.write(`No window: ${electron.why}. Serving the same interface to a browser.\n`);
  const child = spawn(nodeBinary(), ['--disable-sigusr1', join(root, 'out', 'main', 'cli.cjs'), 'serve'], {
    stdio: ['inherit', 'pipe', 'inherit'],
    env: environment,
  });
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    const url = /http:\/\/\S+/.exec(text)?.[0];
    if (url && display) openBrowser(url);
  });
  follow(child);
}

function openBrowser(url) {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

// `npm run -s redsun -- COMMAND ...`: the terminal. stdout belongs to the command alone. Without a command: the window.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, install, nodeBinary, root, say } from './lib/prepare.mjs';

const args = process.argv.slice(2);
if (args[0] === undefined || /\.ya?ml$/.test(args[0])) await import('./start.mjs');
else runCommand();

function runCommand() {
  try {
    install();
    build();
  } catch (error) {
    say(error.message);
    process.exit(2);
  }
  const command = ['--disable-sigusr1', '--enable-source-maps', join(root, 'out', 'main', 'cli.cjs'), ...args];
  const child = spawn(nodeBinary(), command, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

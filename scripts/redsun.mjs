// `npm run -s redsun -- COMMAND ...`: the terminal. stdout belongs to the command alone. Without a command: the window.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { follow, withParents } from './lib/follow.mjs';
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
  const command = ['--disable-sigusr1', join(root, 'out', 'main', 'cli.cjs'), ...args];
  follow(spawn(nodeBinary(), command, { stdio: 'inherit', env: withParents() }));
}

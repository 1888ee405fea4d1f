// `npm run -s redsun -- COMMAND ...`: the terminal. stdout belongs to the command alone.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, install, nodeBinary, root, say } from './lib/prepare.mjs';

try {
  install();
  build();
} catch (error) {
  say(error.message);
  process.exit(2);
}
const child = spawn(
  nodeBinary(),
  ['--enable-source-maps', join(root, 'out', 'main', 'cli.cjs'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

// A laser on a pseudo-terminal, in a process of its own: what it does outlives whoever drives it. `ON`, `OFF` and `P <percent>` are
// answered with `OK`, `?` with `ON` or `OFF`. Each change is a line {atMs, on} in the log; atMs is Unix time.
// From SIGUSR2 on it is deaf, and hears again after the next one.
// usage: laser-simulator.mjs TERMINAL LOG
import { appendFileSync, constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';

const [terminalPath, logPath] = process.argv.slice(2);
const terminal = new ReadStream(openSync(terminalPath, constants.O_RDWR | constants.O_NOCTTY));
terminal.setRawMode(true);
terminal.on('error', () => {});
let on = false;
let heard = '';
let isDeaf = false;

function change(next) {
  if (on !== next) appendFileSync(logPath, `${JSON.stringify({ atMs: Date.now(), on: next })}\n`);
  on = next;
}

function answer(line) {
  if (line === '?') return on ? 'ON' : 'OFF';
  if (line === 'ON' || line === 'OFF') change(line === 'ON');
  else if (!/^P \d+(\.\d+)?$/.test(line)) return 'E1 unknown';
  return 'OK';
}

process.on('SIGUSR2', () => {
  isDeaf = !isDeaf;
});

terminal.on('data', (bytes) => {
  if (isDeaf) return;
  heard += bytes.toString('latin1');
  for (let end = heard.indexOf('\n'); end >= 0; end = heard.indexOf('\n')) {
    const line = heard.slice(0, end).replace(/\r$/, '');
    heard = heard.slice(end + 1);
    terminal.write(`${answer(line)}\n`);
  }
});
appendFileSync(logPath, '');
process.stdout.write('ready\n');

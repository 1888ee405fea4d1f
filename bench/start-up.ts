// How long `npm start` takes to a usable page, without a display: node bench/start-up.ts [STARTS]
// Everything is installed and built beforehand; what is measured is what an operator waits for every day.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

interface StartUp {
  /** The URL is on standard output. */
  readonly urlMs: number;
  /** The page answers with 200, and the bridge has told the state of the session. */
  readonly usableMs: number;
}

async function startOnce(): Promise<StartUp> {
  const folder = await mkdtemp(join(tmpdir(), 'redsun-bench-'));
  const { DISPLAY: _x11, WAYLAND_DISPLAY: _wayland, ...environment } = process.env;
  const beganMs = performance.now();
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], {
    cwd: root,
    env: { ...environment, REDSUN_OUT: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const url = await new Promise<URL>((resolve, reject) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        const [found] = /http:\/\/\S+/.exec(text) ?? [];
        if (found) resolve(new URL(found));
      });
      void ended.then((code) => reject(new Error(`npm start ended with ${String(code)} and without a URL: ${text}`)));
    });
    const urlMs = performance.now() - beganMs;
    const [page] = await Promise.all([fetch(url), sessionState(url)]);
    if (page.status !== 200) throw new Error(`the page answers with ${page.status}`);
    return { urlMs, usableMs: performance.now() - beganMs };
  } finally {
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves when the bridge has told the state of the session. */
function sessionState({ host, search }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${host}/bridge${search}`);
    socket.onopen = () => socket.send('{"kind":"subscribe","id":1,"channel":"session","event":"changed"}');
    socket.onmessage = ({ data }) => {
      if (!String(data).includes('"kind":"event"')) return;
      resolve();
      socket.close();
    };
    socket.onerror = () => reject(new Error('the bridge did not open'));
  });
}

function summary(valuesMs: readonly number[]): string {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const seconds = (at: number) => ((sorted[at] ?? Number.NaN) / 1000).toFixed(2);
  return `${seconds(Math.floor(sorted.length / 2))} s (${seconds(0)} to ${seconds(sorted.length - 1)})`;
}

const starts = Number(process.argv[2] ?? 5);
const measured: StartUp[] = [];
// One before that does not count: it installs and builds when that is needed.
await startOnce();
for (let i = 0; i < starts; i++) measured.push(await startOnce());
console.log(
  `${starts} starts on ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}; median (range)`,
);
console.log(`URL printed   ${summary(measured.map(({ urlMs }) => urlMs))}`);
console.log(`page usable   ${summary(measured.map(({ usableMs }) => usableMs))}`);

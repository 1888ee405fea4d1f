// How long `npm start` takes to a usable page, without a display: node bench/start-up.ts [STARTS]
// Usable: in a Chromium that is open already, Snap can be pressed.
// Everything is installed and built beforehand; what is measured is what an operator waits for every day.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';

const root = join(import.meta.dirname, '..');

interface StartUp {
  /** The URL is on standard output. */
  readonly urlMs: number;
  /** Snap can be pressed. */
  readonly usableMs: number;
}

async function startOnce(browser: Browser): Promise<StartUp> {
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
    const page = await browser.newPage();
    await page.goto(url.href);
    await page.getByRole('button', { name: 'Snap', exact: true, disabled: false }).waitFor();
    const usableMs = performance.now() - beganMs;
    await page.close();
    return { urlMs, usableMs };
  } finally {
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

function summary(valuesMs: readonly number[]): string {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const seconds = (at: number) => ((sorted[at] ?? Number.NaN) / 1000).toFixed(2);
  return `${seconds(Math.floor(sorted.length / 2))} s (${seconds(0)} to ${seconds(sorted.length - 1)})`;
}

const starts = Number(process.argv[2] ?? 5);
const system = '/usr/bin/chromium';
const browser = await chromium.launch({
  ...(existsSync(system) ? { executablePath: system } : {}),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--no-first-run',
  ],
});
const measured: StartUp[] = [];
// One before that does not count: it installs and builds when that is needed.
await startOnce(browser);
for (let i = 0; i < starts; i++) measured.push(await startOnce(browser));
await browser.close();
console.log(
  `${starts} starts on ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}; median (range)`,
);
console.log(`URL printed   ${summary(measured.map(({ urlMs }) => urlMs))}`);
console.log(`page usable   ${summary(measured.map(({ usableMs }) => usableMs))}`);

// What a Live of a large camera costs, in a window and without one: node bench/live.ts [SECONDS] [APP...]
// A simulated camera of 2048 x 2048 pixels in ramp mode is asked for 100 frames per second. APP: folders of built checkouts to compare, by
// turns; default: this one. Repaints are pictures that reached the canvas. The CPU of the host is counted without the thread that makes up
// the camera's frames, which a real camera does itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from '@playwright/test';

const [seconds = '8', ...apps] = process.argv.slice(2);
const measureMs = Number(seconds) * 1000;
const SESSION = `
schema_version: 1
frontend: electron
session: bench
devices:
  laser488: {plugin_name: sim-microscope, plugin_id: laser, wavelength_nm: 488, max_power_mw: 50}
  camera: {plugin_name: sim-microscope, plugin_id: camera, mode: ramp, size_px: 2048, binning: 1, exposure_ms: 10, readout_ms: 0, lights: [laser488]}
channels:
  FITC: {colour: '#3ddc84', exposure_ms: 10, lights: {laser488: 30}, set: {}}
`;
const CLOCK_TICKS_PER_S = 100;
const CAMERA_THREAD = './render/render';
const BROWSER_FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

interface Figures {
  repaintsPerS: number;
  timerGapP99Ms: number;
  inputLagP95Ms: number;
  hostCpuPercent: number;
  hostMb: number;
  browserMb: number;
}

/** Counts in the page: uploads of pictures, gaps of a timer of 5 ms, and how late a pointer's move is heard of. */
const PROBE = `
const counted = { uploads: 0, gapsMs: [], lagsMs: [] };
window.counted = counted;
for (const [owner, name] of [
  [CanvasRenderingContext2D.prototype, 'putImageData'],
  [WebGL2RenderingContext.prototype, 'texSubImage2D'],
  [WebGL2RenderingContext.prototype, 'texImage2D'],
]) {
  const original = owner[name];
  owner[name] = function (...args) {
    counted.uploads++;
    return original.apply(this, args);
  };
}
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  counted.gapsMs.push(now - before);
  before = now;
}, 5);
window.addEventListener('pointermove', ({ timeStamp }) => counted.lagsMs.push(performance.now() - timeStamp), { capture: true });
`;

interface Counted {
  readonly uploads: number;
  readonly gapsMs: readonly number[];
  readonly lagsMs: readonly number[];
}

async function look(page: Page, host: number, browser: number): Promise<Figures> {
  await page.evaluate('Object.assign(counted, { uploads: 0, gapsMs: [], lagsMs: [] })');
  const cpuBefore = cpuSecondsOf(host);
  const fromMs = performance.now();
  const image = page.getByRole('img', { name: 'Live image' });
  const picture = (await image.count()) > 0 ? await image.boundingBox() : null;
  while (performance.now() - fromMs < measureMs) {
    if (picture) await page.mouse.move(picture.x + 100 + Math.random() * 200, picture.y + 100 + Math.random() * 200);
    await new Promise((done) => setTimeout(done, 50));
  }
  const s = (performance.now() - fromMs) / 1000;
  const counted = (await page.evaluate('counted')) as Counted;
  return {
    repaintsPerS: counted.uploads / s,
    timerGapP99Ms: quantile(counted.gapsMs, 0.99),
    inputLagP95Ms: quantile(counted.lagsMs, 0.95),
    hostCpuPercent: (100 * (cpuSecondsOf(host) - cpuBefore)) / s,
    hostMb: pssMb([host]),
    browserMb: pssMb(familyOf(browser)),
  };
}

async function measure(app: string): Promise<Record<'fit' | 'one to one' | 'nobody looks', Figures>> {
  const folder = await mkdtemp(join(tmpdir(), 'redsun-bench-'));
  const session = join(folder, 'session.yaml');
  await writeFile(session, SESSION);
  const node = join(app, 'node_modules', 'node', 'bin', 'node');
  const server = spawn(node, [join(app, 'out', 'main', 'cli.cjs'), 'serve', session, '--json', '--out', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  const system = '/usr/bin/chromium';
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    ...(existsSync(system) ? { executablePath: system } : {}),
    args: BROWSER_FLAGS,
    viewport: { width: 1440, height: 900 },
  });
  try {
    const { url } = JSON.parse(await firstLine(server)) as { url: string };
    const page = context.pages()[0] ?? (await context.newPage());
    await page.addInitScript(PROBE);
    await page.goto(url);
    await page.getByRole('button', { name: 'Live', exact: true, disabled: false }).click();
    const host = server.pid ?? 0;
    const browser = browserPid(folder);
    await page.waitForTimeout(2000);
    const fit = await look(page, host, browser);
    await page.getByRole('img', { name: 'Live image' }).focus();
    await page.keyboard.press('Control+0');
    await page.waitForTimeout(2000);
    const oneToOne = await look(page, host, browser);
    // Another layout: the window is there, and shows no picture of the camera.
    await page.getByRole('radio', { name: 'Review', exact: true }).click();
    await page.waitForTimeout(2000);
    return { fit, 'one to one': oneToOne, 'nobody looks': await look(page, host, browser) };
  } finally {
    await context.close();
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function firstLine(server: ChildProcess): Promise<string> {
  if (!server.stdout) throw new Error('redsun serve has no output');
  for await (const line of createInterface({ input: server.stdout })) return line;
  throw new Error('redsun serve ended without a word');
}

/** Of all threads but the simulated camera's own. */
function cpuSecondsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    if (text.includes(`(${CAMERA_THREAD}`)) return sum;
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_S;
  }, 0);
}

/** The browser that has this profile. */
function browserPid(folder: string): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid).includes(folder) && commandOf(pid).includes('--user-data-dir'))
    .map(Number);
  return Math.min(...found);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOf = (child: number): boolean => child === pid || (child > 1 && isOf(parents.get(child) ?? 0));
  return [...parents.keys()].filter(isOf);
}

function pssMb(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const [, kb = '0'] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
      return sum + Number(kb) / 1024;
    } catch {
      return sum;
    }
  }, 0);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

const folders = apps.length > 0 ? apps.map((app) => resolve(app)) : [join(import.meta.dirname, '..')];
console.log(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${seconds} s each`);
for (const app of folders) {
  for (const [what, figures] of Object.entries(await measure(app))) {
    const { repaintsPerS, timerGapP99Ms, inputLagP95Ms, hostCpuPercent, hostMb, browserMb } = figures;
    console.log(
      `${app} ${what}: ${repaintsPerS.toFixed(0)} repaints/s, timer gap p99 ${timerGapP99Ms.toFixed(0)} ms, ` +
        `input lag p95 ${inputLagP95Ms.toFixed(0)} ms, host CPU ${hostCpuPercent.toFixed(0)} %, ` +
        `PSS ${hostMb.toFixed(0)} + ${browserMb.toFixed(0)} MB`,
    );
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { builtCli, nodeBinary, root } from './built-cli.ts';

/** A microscope that is quick, with a light that tells and a detector that fails. */
export const SESSION = `
schema_version: 1
frontend: electron
session: test
devices:
  xy: {plugin_name: sim-microscope, plugin_id: xy-stage, velocity_um_per_s: 20000, settle_ms: 0}
  z: {plugin_name: sim-microscope, plugin_id: z-stage, velocity_um_per_s: 2000, settle_ms: 0}
  light: {plugin_name: telling, plugin_id: light}
  failing: {plugin_name: telling, plugin_id: failing}
  wheel: {plugin_name: sim-microscope, plugin_id: filter-wheel}
  camera: {plugin_name: sim-microscope, plugin_id: camera, mode: ramp, size_px: 512, binning: 4, exposure_ms: 1, readout_ms: 0, xy: xy, z: z, wheel: wheel}
channels:
  FITC: {colour: '#3ddc84', exposure_ms: 1, lights: {light: 30}, set: {wheel: FITC}}
  Cy5: {colour: '#f062c0', exposure_ms: 2, lights: {light: 40}, set: {wheel: Cy5}}
`;

const BUNDLES = [join(root, 'tests', 'cli', 'bundles'), join(root, 'e2e', 'fixtures', 'bundles')];

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when standard error or output has `text`; rejects when the program ends before. */
  said(text: string): Promise<void>;
}

/** A folder with a session file, and a terminal in it. */
export interface Bench {
  readonly folder: string;
  readonly session: string;
  /** Below it the run folders are made. */
  readonly out: string;
  /** Its bundles, as `REDSUN_PLUGINS` lists them. */
  readonly plugins: string;
  file(name: string, content: unknown): Promise<string>;
  start(...args: string[]): Running;
  /** As `start`, in another environment. */
  startIn(environment: NodeJS.ProcessEnv, ...args: string[]): Running;
  redsun(...args: string[]): Promise<Finished>;
  /** As `redsun`, in another environment. */
  redsunIn(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<Finished>;
  /** Run folders that were made. */
  runs(): Promise<string[]>;
}

export async function bench(session: string = SESSION): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'redsun-cli-'));
  // A guardian may be writing down what it did.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const cli = await builtCli();
  const out = join(folder, 'runs');
  const sessionPath = join(folder, 'session.yaml');
  await writeFile(sessionPath, session);
  const start = (...args: string[]) => startCli(cli, args, folder);
  return {
    folder,
    session: sessionPath,
    out,
    plugins: BUNDLES.join(delimiter),
    async file(name, content) {
      const path = join(folder, name);
      await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
    start,
    startIn: (environment, ...args) => startCli(cli, args, folder, environment),
    redsun: (...args) => start(...args).finished,
    redsunIn: (environment, ...args) => startCli(cli, args, folder, environment).finished,
    async runs() {
      if (!existsSync(out)) return [];
      const entries = await readdir(out, { recursive: true });
      return entries.filter((path) => /^test\/\d{4}-\d\d-\d\d\/[^/]+$/.test(path)).sort();
    },
  };
}

function startCli(cli: string, args: readonly string[], home: string, environment: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(nodeBinary, [cli, ...args], {
    cwd: home,
    env: { ...process.env, HOME: home, REDSUN_PLUGINS: BUNDLES.join(delimiter), ...environment },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const heard = () => {
    for (const listener of [...listeners]) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    heard();
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    finished,
    said: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!stdout.includes(text) && !stderr.includes(text)) return;
          listeners.delete(check);
          resolve();
        };
        listeners.add(check);
        void finished.then(() => reject(new Error(`It ended without saying "${text}": ${stdout}${stderr}`)));
        check();
      }),
  };
}

/** A plan as bluesky-queueserver writes it. */
export function item(name: string, args: readonly unknown[] = [], kwargs: Readonly<Record<string, unknown>> = {}) {
  return { item_type: 'plan', name, args, kwargs, meta: {} };
}

/** The JSON lines of an output. */
export function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

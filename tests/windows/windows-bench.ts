import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { onTestFinished } from 'vitest';
import { builtCli, root } from '../cli/built-cli.ts';
import type { Finished } from '../cli/run-cli.ts';
import { runToEnd } from './run-to-end.ts';
import { provideWine, windowsPath } from './wine.ts';

/** A microscope that is quick, with a camera whose pixels say which frame they are of. */
export const SESSION = `
schema_version: 1
frontend: electron
session: test
devices:
  xy: {plugin_name: sim-microscope, plugin_id: xy-stage, velocity_um_per_s: 20000, settle_ms: 0}
  z: {plugin_name: sim-microscope, plugin_id: z-stage, velocity_um_per_s: 2000, settle_ms: 0}
  camera: {plugin_name: sim-microscope, plugin_id: camera, mode: ramp, size_px: 512, binning: 4, exposure_ms: 1, readout_ms: 0, xy: xy, z: z}
channels:
  FITC: {colour: '#3ddc84', exposure_ms: 1}
  Cy5: {colour: '#f062c0', exposure_ms: 2}
`;

/** What Node 22 lacks of what the app's Node has. */
const POLYFILLS = join(root, 'scripts', 'electron-runtime', 'polyfills.cjs');

const COMPILER = 'x86_64-w64-mingw32-gcc-win32';

/** A program under Wine. It cannot use pipes as standard streams: files are in between. */
export interface WindowsProgram {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** All that it has said so far. */
  heard(): Promise<{ readonly stdout: string; readonly stderr: string }>;
  /** Resolves when standard error or output has `text`; rejects when the program ends before. */
  said(text: string): Promise<void>;
}

/** A folder on drive C, with `ü` and a blank in its name, and a terminal in it. */
export interface WindowsBench {
  /** As Windows calls it. */
  readonly folder: string;
  /** As Linux calls it. */
  readonly seenFromLinux: string;
  /** Serial ports are links in there. */
  readonly devices: string;
  /** Writes a file. @returns its path as Windows has it. */
  file(name: string, content: unknown): Promise<string>;
  /** A path of Windows below the folder as Linux calls it. */
  onLinux(path: string): string;
  start(...args: string[]): WindowsProgram;
  /** As `start`, in another environment. */
  startIn(environment: NodeJS.ProcessEnv, ...args: string[]): WindowsProgram;
  redsun(...args: string[]): Promise<Finished>;
  /** Runs another program of Node. */
  node(...args: string[]): WindowsProgram;
  /** Compiles a program of Windows, and runs it. @param source - in this folder */
  compiled(source: string, ...args: string[]): Promise<WindowsProgram>;
}

export async function windowsBench(session: string = SESSION): Promise<WindowsBench> {
  const wine = await provideWine();
  const cli = windowsPath(await builtCli());
  const name = `bench ü ${randomUUID().slice(0, 8)}`;
  const seenFromLinux = join(wine.driveC, name);
  const folder = `C:\\${name}`;
  await mkdir(seenFromLinux);
  onTestFinished(() => rm(seenFromLinux, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  await writeFile(join(seenFromLinux, 'session.yaml'), session);
  let programs = 0;
  const run = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    runAny([wine.nodeExe, '--require', windowsPath(POLYFILLS), ...args], environment);
  const runAny = (command: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const env = { ...process.env, LOCALAPPDATA: `${folder}\\local`, ...wine.environment, ...environment };
    return startProgram(wine.program, command, { env, streams: join(seenFromLinux, `${programs++}`) });
  };
  const start = (...args: string[]) => run([cli, ...args]);
  return {
    folder,
    seenFromLinux,
    devices: wine.devices,
    async file(fileName, content) {
      await writeFile(join(seenFromLinux, fileName), typeof content === 'string' ? content : JSON.stringify(content));
      return win32.join(folder, fileName);
    },
    onLinux: (path) => join(seenFromLinux, ...win32.relative(folder, path).split('\\')),
    start,
    startIn: (environment, ...args) => run([cli, ...args], environment),
    redsun: (...args) => start(...args).finished,
    node: (...args) => run(args),
    async compiled(source, ...args) {
      const made = join(seenFromLinux, `${source}.exe`);
      await runToEnd(COMPILER, ['-O2', '-municode', '-o', made, join(import.meta.dirname, source)]);
      return runAny([made, ...args]);
    },
  };
}

function startProgram(
  program: string,
  args: readonly string[],
  { env, streams }: { readonly env: NodeJS.ProcessEnv; readonly streams: string },
): WindowsProgram {
  const paths = [`${streams}.out`, `${streams}.err`] as const;
  const heard = async () => {
    const [stdout, stderr] = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
    return { stdout: stdout ?? '', stderr: stderr ?? '' };
  };
  // The shell opens the files, so that no end of them stays in here.
  const script = 'exec "$0" "$@" >"$STREAMS.out" 2>"$STREAMS.err" </dev/null';
  const child = spawn('bash', ['-c', script, program, ...args], { env: { ...env, STREAMS: streams }, stdio: 'ignore' });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => void heard().then((streamsHeard) => resolve({ code, ...streamsHeard }), reject));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let hasEnded = false;
  child.once('close', () => {
    hasEnded = true;
  });
  return {
    child,
    finished,
    heard,
    async said(text) {
      for (;;) {
        const wasOver = hasEnded;
        const { stdout, stderr } = await heard();
        if (stdout.includes(text) || stderr.includes(text)) return;
        if (wasOver) throw new Error(`It ended without saying "${text}": ${stdout}${stderr}`);
        // The streams are files of another process: there is nothing to be woken by.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

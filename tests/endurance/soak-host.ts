import { readdir, rm } from 'node:fs/promises';
import { startHost } from '../../src/main/host/start-host.ts';
import { type Clock, sleepWith } from '../../src/sdk/util/index.ts';
import { acquisitionChannel } from '../../src/shared/channels/acquisition.ts';
import { cameraChannel } from '../../src/shared/channels/camera.ts';
import { createBridge } from '../../src/shared/ipc/client.ts';
import { transportPair } from '../ipc/transport-pair.ts';
import { hostOptionsFor } from '../recover/host-options.ts';
import { systemClock } from '../stores/ramp-store.ts';

// Run as a program with --expose-gc: a whole host acquires without end, with windows that watch, and its memory is measured after each
// run. Prints one line of JSON. When it has printed that, nothing must keep it from ending by itself.

export interface SoakSample {
  /** Acquired so far. */
  readonly frames: number;
  /** After garbage was collected, bytes: of the process, and of all that JavaScript holds. */
  readonly rss: number;
  readonly heap: number;
  /** Open file descriptors; null where nobody can tell. */
  readonly descriptors: number | null;
}

export interface Soak {
  readonly seconds: number;
  readonly runs: number;
  readonly frames: number;
  /** Live pictures that each of the windows got. */
  readonly shown: readonly number[];
  readonly samples: readonly SoakSample[];
  /** Timers, handles and descriptors before the host was started, and after it was closed. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Where the host's timers were set that had not ended when it was closed. */
  readonly timers: readonly string[];
  readonly faults: readonly string[];
}

const WINDOWS = 2;
/** Between two looks at memory. */
const LOOK_EVERY_FRAMES = 60;

/**
 * V8 also gives back the pages that it keeps in reserve. It makes its young generation larger at moments of its own, 40 MB at a time, and
 * what a thread's heap leaves is kept for the next one: beside a busy neighbour such steps came to 3 MB per 1000 frames, with nothing held.
 */
const THOROUGH = { type: 'major', execution: 'sync', flavor: 'last-resort' } as const;

/** The host's time, with a list of the timers that are running and where they were set. */
function clockThatKnows(running: Map<object, string>): Clock {
  const clock: Clock = {
    ...systemClock,
    setTimeout(callback, delayMs) {
      const key = {};
      const timer = systemClock.setTimeout(() => {
        running.delete(key);
        callback();
      }, delayMs);
      running.set(key, new Error(`${delayMs} ms`).stack ?? '');
      return {
        [Symbol.dispose]: () => {
          running.delete(key);
          timer[Symbol.dispose]();
        },
      };
    },
    sleep: (delayMs, signal) => sleepWith(clock.setTimeout, delayMs, signal),
  };
  return clock;
}

async function descriptors(): Promise<number | null> {
  // The one that lists them is among them.
  return readdir('/proc/self/fd').then(
    ({ length }) => length - 1,
    () => null,
  );
}

/** Longer than anything rests that is told at most so often, such as the state of a run. */
const REST_MS = 500;

/** Timers and handles that keep the process alive, and open files. */
async function leftovers(): Promise<string[]> {
  global.gc?.();
  await systemClock.sleep(REST_MS);
  const kinds = process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate');
  return [...kinds.sort(), `${await descriptors()} descriptors`];
}

async function soak(sessionPath: string, base: string, seconds: number): Promise<Soak> {
  const { gc } = global;
  if (!gc) throw new Error('run with --expose-gc');
  // The first host of a process starts what later ones share, such as the compiler of bundles.
  await (await startHost(hostOptionsFor(sessionPath, base))).close();
  // Worker threads hand their words on to it: it is open from now on.
  process.stderr.write('');
  const before = await leftovers();
  const timers = new Map<object, string>();
  const host = await startHost({ ...hostOptionsFor(sessionPath, base), clock: clockThatKnows(timers) });
  const faults: string[] = [];
  // Node warns of listeners that pile up.
  process.on('warning', ({ message }) => faults.push(message));
  const shown = Array.from({ length: WINDOWS }, () => 0);
  const windows = shown.map((_, window) => {
    const { near, far } = transportPair();
    const connect = async () => {
      // A real connection holds the host's first word back until somebody listens.
      setImmediate(() => host.server.serve(far, { name: `window ${window}` }));
      return near;
    };
    const bridge = createBridge(connect, systemClock);
    bridge.channel(acquisitionChannel).on('changed', () => {});
    bridge.channel(cameraChannel).stream(
      'frames',
      { camera: 'camera', region: null, step: 1, maxPixels: 1024 * 1024, maxFps: 60 },
      () => void shown[window]!++,
      (error) => faults.push(error.message),
    );
    return { bridge, near };
  });
  const samples: SoakSample[] = [];
  let [frames, runs] = [0, 0];
  const startedMs = performance.now();
  while (performance.now() - startedMs < seconds * 1000) {
    const sequence = {
      axis_order: 'ctz',
      channels: ['FITC', 'Cy5'],
      z_plan: { range: 2, step: 1 },
      time_plan: { interval: 0, loops: 10 },
    };
    const plan = { item_type: 'plan' as const, name: 'mda', args: [], kwargs: { sequence }, meta: {} };
    const outcome = await host.runs.runToEnd(plan);
    if (outcome.exitStatus !== 'success') faults.push(`${outcome.name}: ${outcome.reason}`);
    await rm(outcome.folder, { recursive: true });
    frames += outcome.frames;
    runs++;
    if (frames - (samples.at(-1)?.frames ?? 0) < LOOK_EVERY_FRAMES) continue;
    gc(THOROUGH);
    gc(THOROUGH);
    const { rss, heapUsed, external } = process.memoryUsage();
    samples.push({ frames, rss, heap: heapUsed + external, descriptors: await descriptors() });
  }
  const lasted = (performance.now() - startedMs) / 1000;
  faults.push(...host.services.log.records.filter(({ level }) => level === 'error').map(({ message }) => message));
  for (const { bridge, near } of windows) {
    bridge[Symbol.dispose]();
    near.close();
  }
  await host.close();
  return {
    seconds: lasted,
    runs,
    frames,
    shown,
    samples,
    before,
    after: await leftovers(),
    timers: [...timers.values()],
    faults,
  };
}

const [sessionPath = '', base = '', seconds = '0'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await soak(sessionPath, base, Number(seconds)))}\n`);

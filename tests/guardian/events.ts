import { setTimeout as sleep } from 'node:timers/promises';
import type { LaunchOptions, ServedMicroscope } from './served-microscope.ts';

/** What happens to a program that drives a microscope. */
export interface Mishap {
  readonly event: string;
  readonly launch?: LaunchOptions;
  /** Does it. @returns from when the time to darkness counts, Unix time, ms. */
  readonly act: (microscope: ServedMicroscope) => number | Promise<number>;
  /** `ends`: the host is there no more. `stays`: it comes back, and its run is paused. */
  readonly host: 'ends' | 'stays';
  /** Brings a host back that was kept away. */
  readonly undo?: (hostPid: number) => void;
}

/** A laptop whose lid is closed so long has been asleep, ms. */
const ASLEEP_MS = 4_000;
const BLOCKED_MS = 15_000;

const signalled =
  (...signals: readonly NodeJS.Signals[]) =>
  ({ hostPid }: ServedMicroscope): number => {
    const sinceMs = Date.now();
    for (const signal of signals) process.kill(hostPid, signal);
    return sinceMs;
  };

const told =
  (word: string) =>
  ({ tell }: ServedMicroscope): number => {
    const sinceMs = Date.now();
    tell(word);
    return sinceMs;
  };

const outerKilled = ({ outer }: ServedMicroscope): number => {
  const sinceMs = Date.now();
  outer.kill('SIGKILL');
  return sinceMs;
};

export const STOPPED: Mishap = {
  event: 'SIGSTOP of the host',
  host: 'stays',
  act: signalled('SIGSTOP'),
  undo: (hostPid) => void process.kill(hostPid, 'SIGCONT'),
};

export const blockedFor = (durationMs: number): Mishap => ({
  event: `loop blocked for ${durationMs / 1000} s`,
  host: 'stays',
  act: told(`block ${durationMs}`),
});

export const ASLEEP: Mishap = {
  event: `host and guardian asleep for ${ASLEEP_MS / 1000} s`,
  host: 'stays',
  async act({ hostPid, guardianPid }) {
    const both = [guardianPid(), hostPid];
    for (const pid of both) process.kill(pid, 'SIGSTOP');
    // The length of the sleep is the event.
    await sleep(ASLEEP_MS);
    const sinceMs = Date.now();
    for (const pid of both) process.kill(pid, 'SIGCONT');
    return sinceMs;
  },
};

export const GUARDIAN_KILLED: Mishap = {
  event: 'kill -9 of the guardian',
  host: 'stays',
  act({ guardianPid }) {
    const sinceMs = Date.now();
    process.kill(guardianPid(), 'SIGKILL');
    return sinceMs;
  },
};

export const HOST_KILLED: Mishap = { event: 'kill -9 of the host', host: 'ends', act: signalled('SIGKILL') };

/** All that a program can meet, each with the laser lit. */
export const MISHAPS: readonly Mishap[] = [
  HOST_KILLED,
  STOPPED,
  { event: 'out of memory', host: 'ends', launch: { flags: ['--max-old-space-size=96'] }, act: told('allocate') },
  blockedFor(BLOCKED_MS),
  { event: 'SIGHUP', host: 'ends', act: signalled('SIGHUP') },
  { event: 'SIGTERM', host: 'ends', act: signalled('SIGTERM') },
  { event: 'SIGINT', host: 'ends', act: signalled('SIGINT') },
  { event: 'SIGINT twice', host: 'ends', act: signalled('SIGINT', 'SIGINT') },
  { event: 'SIGQUIT', host: 'ends', act: signalled('SIGQUIT') },
  { event: 'process.exit(0) in a bundle', host: 'ends', act: told('exit') },
  { event: 'process.abort() in a bundle', host: 'ends', act: told('abort') },
  { event: 'whoever started it is killed', host: 'ends', launch: { launch: 'by-a-script' }, act: outerKilled },
  { event: 'terminal closed', host: 'ends', launch: { launch: 'in-a-terminal' }, act: outerKilled },
  ASLEEP,
  GUARDIAN_KILLED,
];

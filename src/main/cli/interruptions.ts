import { readFileSync } from 'node:fs';
import { EXIT } from './exit.ts';

/** What asks a program of the terminal to end: Ctrl+C, `kill`, the terminal closed, Ctrl+\. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** Time for a clean-up in a hurry, ms; then the program ends whatever hangs. The guardian makes safe what it leaves. */
const HURRY_MS = 3_000;
/** What comes so soon after another signal says the same, ms. */
const ECHO_MS = 200;
/** How often it is looked whether whoever started the program is still there, ms. */
const PARENT_LOOK_MS = 1_000;

export interface Interruptions {
  /** Aborts when the program is asked to end. */
  readonly signal: AbortSignal;
  /** Aborts when it is asked again. */
  readonly hurry: AbortSignal;
}

/**
 * Listens to everything that asks the program to end; to be called once, at its start.
 * @param complain - told what is going on. @param parents - processes without which nobody wants the program any more.
 */
export function listenForInterruptions(complain: (line: string) => void, parents: readonly number[]): Interruptions {
  const interrupted = new AbortController();
  const hurried = new AbortController();
  let askedMs = Number.NEGATIVE_INFINITY;
  const ask = () => {
    // A terminal tells the whole group, and a script passes it on: that is one wish, not two.
    const isEcho = performance.now() - askedMs < ECHO_MS;
    askedMs = performance.now();
    if (isEcho) return;
    if (!interrupted.signal.aborted) return interrupted.abort();
    if (!hurried.signal.aborted) hurried.abort();
    setTimeout(() => {
      complain(`Something hangs: ended after ${HURRY_MS / 1000} s. The guardian makes safe what is left.`);
      process.exit(EXIT.interrupted);
    }, HURRY_MS).unref();
  };
  for (const signal of ENDING) listen(signal, ask);
  // By default it would end the program at once, without its clean-up; here it means nothing.
  listen('SIGUSR2', () => {});
  const watched = parents.map((pid) => ({ pid, started: startOf(pid) }));
  const look = () => {
    if (watched.every(({ pid, started }) => isThere(pid) && startOf(pid) === started)) return;
    clearInterval(timer);
    complain('What started this program is gone: it ends, too.');
    ask();
  };
  const timer = setInterval(look, PARENT_LOOK_MS);
  timer.unref();
  if (watched.length === 0) clearInterval(timer);
  return { signal: interrupted.signal, hurry: hurried.signal };
}

/** A reader of the output that has gone must not end a run: what is said is lost, and nothing else. */
export function survivePipes(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

function listen(signal: NodeJS.Signals, listener: () => void): void {
  try {
    process.on(signal, listener);
  } catch {
    // Not every system has all of them.
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process was started, in a form that only serves to compare: numbers are used again. Null: this system does not say. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

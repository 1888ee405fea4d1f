// A program that a script starts and ends with: signals are passed on, and it learns who would have to be there for anybody to want it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

/**
 * Environment for the program: it ends when one of these processes has gone, as when npm was killed, and finds its own code compiled, which
 * an eighth of its start went into.
 */
export function withParents(environment = process.env) {
  const NODE_COMPILE_CACHE = join(root, '.cache', 'compiled');
  return { NODE_COMPILE_CACHE, ...environment, REDSUN_PARENTS: ancestors().join(',') };
}

/** This script, who started it, and where that is only a shell of npm's, who started that. */
function ancestors() {
  const found = [process.pid, process.ppid];
  const shell = statusOf(process.ppid);
  if (shell && /^(sh|dash|bash)$/.test(shell.name) && process.env.npm_lifecycle_event) found.push(shell.parent);
  return found;
}

/** Null: this system does not say. */
function statusOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { name, parent: Number(parent) };
  } catch {
    return null;
  }
}

/** Ends as the child does. */
export function follow(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal));
  process.on('SIGUSR2', () => {});
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
}

import { readdirSync, readFileSync } from 'node:fs';

/** Process number of the guardian that a program has started. @throws Error when it has none. */
export function guardianOf(hostPid: number): number {
  const found = childrenOf(hostPid).find((pid) => commandOf(pid).includes('redsun-guardian'));
  if (found === undefined) throw new Error(`Process ${hostPid} has no guardian`);
  return found;
}

/** The program of that name, below a process that started it somehow. @throws Error when there is none. */
export function descendantOf(pid: number, command: string): number {
  for (const child of childrenOf(pid)) {
    if (commandOf(child).includes(command)) return child;
    const further = childrenOf(child).length > 0 ? tryDescendant(child, command) : null;
    if (further !== null) return further;
  }
  throw new Error(`No "${command}" below process ${pid}`);
}

/** Whether it is there and not only remembered by whoever started it. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function tryDescendant(pid: number, command: string): number | null {
  try {
    return descendantOf(pid, command);
  } catch {
    return null;
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === parent);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function statOf(pid: number): { readonly state: string; readonly parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}

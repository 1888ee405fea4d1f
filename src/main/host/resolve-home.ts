import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { plainPath } from '../storage/target/unfit-name.ts';

/** An absolute path; `~` is the home folder. */
export function resolveHome(path: string): string {
  return resolve(path.startsWith('~') ? join(homedir(), path.slice(1)) : plainPath(path));
}

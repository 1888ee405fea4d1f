import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeBinary } from '../cli/built-cli.ts';

/** Runs a program of this folder in a process of its own. @returns the JSON of its last line. @throws with what it said when it fails. */
export function runProgram<Result>(
  name: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<Result> {
  const path = fileURLToPath(new URL(name, import.meta.url));
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile(nodeBinary, [...flags, path, ...args], options, (error, stdout, stderr) => {
      const last = stdout.trimEnd().split('\n').at(-1) ?? '';
      if (error) reject(new Error(`${name} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error }));
      else resolve(JSON.parse(last) as Result);
    });
  });
}

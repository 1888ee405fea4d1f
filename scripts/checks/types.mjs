// Type checks of every part under the types that it may use; prints what is wrong, exits 1.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, toolEnvironment } from '../lib/prepare.mjs';

/** Each with libraries of its own: the SDK sees neither Node nor DOM. */
export const PROJECTS = ['tsconfig.sdk.json', 'tsconfig.node.json', 'tsconfig.preload.json', 'tsconfig.web.json'];

/** @returns {string} what the compiler says; empty: nothing */
export function checkTypes(folder = root, projects = PROJECTS) {
  return projects
    .map((project) => {
      const result = spawnSync(
        process.execPath,
        [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(folder, project), '--pretty', 'false'],
        {
          cwd: folder,
          env: toolEnvironment(),
          encoding: 'utf8',
        },
      );
      return result.status === 0 ? '' : `${project}:\n${result.stdout}${result.stderr}`;
    })
    .join('');
}

if (process.argv[1] === import.meta.filename) {
  const faults = checkTypes();
  process.stdout.write(faults);
  process.exit(faults === '' ? 0 : 1);
}

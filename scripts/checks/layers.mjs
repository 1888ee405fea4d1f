// Layer rules: who may import whom. Prints what is wrong, exits 1.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodeBinary, root, toolEnvironment } from '../lib/prepare.mjs';

/** Fewer would mean that the tool did not see the sources, and then it finds no fault, either. */
const FEWEST_MODULES = 100;
const TARGETS = ['src', 'plugins', 'e2e'];

/** @returns {{ modules: number, violations: string[] }} */
export function checkLayers(folder = root, targets = TARGETS) {
  const tool = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [tool, '--config', join(folder, '.dependency-cruiser.mjs'), '--output-type', 'json', ...targets];
  const result = spawnSync(nodeBinary(), args, {
    cwd: folder,
    env: toolEnvironment(),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (!result.stdout.startsWith('{')) throw new Error(`dependency-cruiser: ${result.stderr || result.stdout}`);
  const { summary } = JSON.parse(result.stdout);
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}

if (process.argv[1] === import.meta.filename) {
  const { modules, violations } = checkLayers();
  for (const violation of violations) process.stdout.write(`${violation}\n`);
  if (modules < FEWEST_MODULES)
    process.stdout.write(`only ${modules} modules were looked at, expected at least ${FEWEST_MODULES}\n`);
  process.exit(violations.length === 0 && modules >= FEWEST_MODULES ? 0 : 1);
}

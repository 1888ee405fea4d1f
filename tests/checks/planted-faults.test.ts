import { expect, test } from 'vitest';
import { plantedRepository, repositoryChecks } from './repository-checks.ts';

/** Fewer would mean that the tool did not see the sources. */
const FEWEST_MODULES = 100;

const CLEAN = {
  'src/sdk/util/index.ts': 'export const answer: number = 42;\n',
  'src/main/host/start.ts': "import { answer } from '../../sdk/util/index.ts';\nexport const started = answer;\n",
  'src/renderer/app/main.ts': "import { answer } from '../../sdk/util/index.ts';\nexport const shown = answer;\n",
};

test('the repository itself keeps its layers, and all of it was looked at', async () => {
  const { checkLayers } = await repositoryChecks();
  const { modules, violations } = checkLayers();
  expect(violations).toEqual([]);
  expect(modules).toBeGreaterThan(FEWEST_MODULES);
});

test('sources without a fault pass', async () => {
  const { checkLayers, checkTypes } = await repositoryChecks();
  const folder = await plantedRepository(CLEAN);
  expect(checkLayers(folder, ['src'])).toEqual({ modules: 4, violations: [] });
  expect(checkTypes(folder, ['tsconfig.node.json', 'tsconfig.sdk.json'])).toBe('');
});

test.each([
  [
    'a page that imports the host',
    'src/renderer/app/main.ts',
    "import { started } from '../../main/host/start.ts';\nexport const shown = started;\n",
    ['renderer-not-main: src/renderer/app/main.ts -> src/main/host/start.ts'],
  ],
  [
    'an SDK that imports Node',
    'src/sdk/util/index.ts',
    "import { cwd } from 'node:process';\nexport const answer: number = cwd().length;\n",
    [
      'no-node-in-the-page: src/sdk/util/index.ts -> process',
      'sdk-imports-nothing-outside-itself: src/sdk/util/index.ts -> process',
    ],
  ],
  [
    'a host that imports Electron',
    'src/main/host/start.ts',
    "import { app } from 'electron';\nexport const started = app.getVersion();\n",
    ['electron-in-three-places: src/main/host/start.ts -> electron'],
  ],
  [
    'a host that imports its shell',
    'src/main/host/start.ts',
    "import { page } from '../serve/page.ts';\nexport const started = page;\n",
    ['host-below-shells: src/main/host/start.ts -> src/main/serve/page.ts'],
  ],
  [
    'a bundle that reaches into the app',
    'plugins/one/device.ts',
    "export { started } from '../../src/main/host/start.ts';\n",
    ['plugins-see-only-the-sdk: plugins/one/device.ts -> src/main/host/start.ts'],
  ],
])('%s is reported by the rule that forbids it', async (_what, path, text, expected) => {
  const { checkLayers } = await repositoryChecks();
  const folder = await plantedRepository({
    ...CLEAN,
    'src/main/serve/page.ts': 'export const page = 1;\n',
    'plugins/one/other.ts': 'export const other = 1;\n',
    [path]: text,
  });
  const { modules, violations } = checkLayers(folder, ['src', 'plugins']);
  expect(modules).toBeGreaterThan(0);
  const shortened = violations.map((violation) => violation.replace(/-> .*node_modules\/electron\/.*/, '-> electron'));
  expect([...shortened].sort()).toEqual(expected);
});

test('a type fault is reported with its file and line', async () => {
  const { checkTypes } = await repositoryChecks();
  const folder = await plantedRepository({
    ...CLEAN,
    'src/main/host/start.ts': "export const started: number = 'no';\n",
  });
  expect(checkTypes(folder, ['tsconfig.node.json'])).toMatch(/src\/main\/host\/start\.ts\(1,14\): error TS2322/);
});

test('the SDK is compiled without Node and DOM: what only they have is a fault', async () => {
  const { checkTypes } = await repositoryChecks();
  const folder = await plantedRepository({
    ...CLEAN,
    'src/sdk/util/index.ts': 'export const answer = process.pid + window.innerWidth;\n',
  });
  const faults = checkTypes(folder, ['tsconfig.sdk.json']);
  expect(faults).toContain("src/sdk/util/index.ts(1,23): error TS2591: Cannot find name 'process'");
  expect(faults).toContain("Cannot find name 'window'");
});

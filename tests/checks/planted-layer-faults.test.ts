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

test('sources without a fault pass, and all of them were looked at', async () => {
  const { checkLayers } = await repositoryChecks();
  const folder = await plantedRepository(CLEAN);
  // Three and the SDK's ambient types.
  expect(checkLayers(folder, ['src'])).toEqual({ modules: 4, violations: [] });
});

test('each fault is reported by the rule that forbids it, and by no other', async () => {
  const { checkLayers } = await repositoryChecks();
  const folder = await plantedRepository({
    ...CLEAN,
    'src/main/serve/page.ts': 'export const page = 1;\n',
    'src/renderer/app/main.ts': "export { started } from '../../main/host/start.ts';\n",
    'src/renderer/views/one/One.ts': "export { two } from '../two/Two.ts';\n",
    'src/renderer/views/two/Two.ts': 'export const two = 2;\n',
    'src/sdk/log/index.ts': "import { cwd } from 'node:process';\nexport const folder = cwd();\n",
    'src/sdk/events/index.ts': "export { axis } from '../device/index.ts';\n",
    'src/sdk/device/index.ts': 'export const axis = 1;\n',
    'src/main/host/window.ts': "import { app } from 'electron';\nexport const name = app.getName();\n",
    'src/main/host/shell.ts': "export { page } from '../serve/page.ts';\n",
    'src/main/host/here.ts': "export { there } from './there.ts';\nexport const here = 1;\n",
    'src/main/host/there.ts': "export { here } from './here.ts';\nexport const there = 1;\n",
    'src/main/host/gone.ts': "export { gone } from './nowhere.ts';\n",
    'src/main/storage/writer/run.ts': "export { repaired } from '../recover/repair.ts';\n",
    'src/main/storage/recover/repair.ts': 'export const repaired = 1;\n',
    'src/main/storage/layout/plan.ts': "export { written } from '../writer/frame.ts';\n",
    'src/main/storage/writer/frame.ts': 'export const written = 1;\n',
    'src/main/host/run/owner.ts': "export { shown } from '../presenters/run.ts';\n",
    'src/main/host/presenters/run.ts': 'export const shown = 1;\n',
    'src/main/cli/run.ts': "export { owned } from '../host/run/kept.ts';\n",
    'src/main/host/run/kept.ts': 'export const owned = 1;\n',
    'plugins/one/device.ts': "export { started } from '../../src/main/host/start.ts';\n",
  });
  const { modules, violations } = checkLayers(folder, ['src', 'plugins']);
  expect(modules).toBeGreaterThan(0);
  const shortened = violations.map((violation) => violation.replace(/-> .*node_modules\/electron\/.*/, '-> electron'));
  expect([...shortened].sort()).toEqual([
    'electron-in-three-places: src/main/host/window.ts -> electron',
    'host-below-shells: src/main/host/shell.ts -> src/main/serve/page.ts',
    'no-cycles: src/main/host/here.ts -> src/main/host/there.ts',
    'no-node-in-the-page: src/sdk/log/index.ts -> process',
    'no-unresolvable: src/main/host/gone.ts -> ./nowhere.ts',
    'plugins-see-only-the-sdk: plugins/one/device.ts -> src/main/host/start.ts',
    'renderer-not-main: src/renderer/app/main.ts -> src/main/host/start.ts',
    'runs-know-no-presenter: src/main/host/run/owner.ts -> src/main/host/presenters/run.ts',
    'sdk-ground-floor: src/sdk/events/index.ts -> src/sdk/device/index.ts',
    'sdk-imports-nothing-outside-itself: src/sdk/log/index.ts -> process',
    'storage-layout-below: src/main/storage/layout/plan.ts -> src/main/storage/writer/frame.ts',
    'storage-writer-knows-no-recovery: src/main/storage/writer/run.ts -> src/main/storage/recover/repair.ts',
    'terminal-asks-through-channels: src/main/cli/run.ts -> src/main/host/run/kept.ts',
    'views-are-siblings: src/renderer/views/one/One.ts -> src/renderer/views/two/Two.ts',
  ]);
});

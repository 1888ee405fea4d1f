import { expect, test } from 'vitest';
import { plantedRepository, repositoryChecks } from './repository-checks.ts';

const CLEAN = {
  'src/sdk/util/index.ts': 'export const answer: number = 42;\n',
  'src/main/host/start.ts': "import { answer } from '../../sdk/util/index.ts';\nexport const started = answer;\n",
};

test('sources without a fault pass', async () => {
  const { checkTypes } = await repositoryChecks();
  const folder = await plantedRepository(CLEAN);
  expect(checkTypes(folder, ['tsconfig.node.json', 'tsconfig.sdk.json'])).toBe('');
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

test('syntax that Node cannot strip is a fault', async () => {
  const { checkTypes } = await repositoryChecks();
  const folder = await plantedRepository({ ...CLEAN, 'src/main/host/start.ts': 'export enum Started { No, Yes }\n' });
  expect(checkTypes(folder, ['tsconfig.node.json'])).toContain('src/main/host/start.ts(1,13): error TS1294');
});

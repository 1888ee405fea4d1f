import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { scanBundles } from '../../src/main/plugins/load-bundle.ts';
import type { RedsunError } from '../../src/sdk/util/index.ts';
import { item, temporaryFolder, testHost } from '../host/test-host.ts';
import { root } from './repository-checks.ts';

const GOOD = {
  'good/redsun.yaml': "name: good\nversion: 0.1.0\ndevices:\n  thing: './thing.ts:Thing'\n",
  'good/thing.ts': 'export class Thing {}\n',
};
const manifest = (name: string) => `name: ${name}\nversion: 0.1.0\ndevices:\n  thing: './thing.ts:Thing'\n`;

test.each([
  ['a package that is not there', "import 'left-behind';", 'plugin/unresolved-import', '"left-behind"'],
  ['a file that is not there', "import './gone.ts';", 'plugin/unresolved-import', '"./gone.ts"'],
  ['a module of Node', "import 'node:fs';", 'plugin/forbidden-import', '"node:fs"'],
  ['files without asking', "import 'node:fs/promises';", 'plugin/forbidden-import', 'permissions: [files]'],
  ['a module of Node by its old name', "import 'child_process';", 'plugin/forbidden-import', '"child_process"'],
  ['Electron', "import 'electron';", 'plugin/forbidden-import', '"electron"'],
  ['the app', "import '../../src/main/host/start-host.ts';", 'plugin/forbidden-import', 'it leads out of the bundle'],
  ['another bundle', "import '../good/thing.ts';", 'plugin/forbidden-import', 'it leads out of the bundle'],
  ['an absolute path', "import '/etc/passwd';", 'plugin/forbidden-import', '"/etc/passwd"'],
  ['what the SDK does not have', "import 'redsun/sdk/nothing';", 'plugin/forbidden-import', '"redsun/sdk/nothing"'],
  ['what is no TypeScript', 'const const = 1;', 'plugin/compile', 'Expected identifier'],
])('a bundle that imports %s is named with file and line, and the others load', async (_what, line, code, words) => {
  const scanned = await scan({
    ...GOOD,
    'bad/redsun.yaml': manifest('bad'),
    'bad/thing.ts': `// first line\n${line}\nexport class Thing {}\n`,
  });
  expect(scanned.loaded).toEqual(['good']);
  const [failed] = scanned.failed;
  expect(failed?.code).toBe(code);
  expect(failed?.message).toMatch(/\bthing\.ts:2:\d+: /);
  expect(failed?.message).toContain(words);
});

test('a bundle that fails while it is loaded is named with its reason, and the others load', async () => {
  const scanned = await scan({
    ...GOOD,
    'bad/redsun.yaml': manifest('bad'),
    'bad/thing.ts': "throw new Error('no such board');\nexport class Thing {}\n",
  });
  expect(scanned.loaded).toEqual(['good']);
  expect(scanned.failed).toMatchObject([{ code: 'plugin/load', message: expect.stringContaining('no such board') }]);
});

test('every mistake of a manifest is listed with its place', async () => {
  const text = 'name: Bad Name\nversion: 0.1.0\npresentrs: {}\ndevices:\n  other: thing.ts\n';
  const scanned = await scan({ ...GOOD, 'bad/redsun.yaml': text, 'bad/thing.ts': 'export class Thing {}\n' });
  expect(scanned.loaded).toEqual(['good']);
  const [failed] = scanned.failed;
  expect(failed?.code).toBe('plugin/manifest');
  const lines = (failed?.message ?? '').split('\n').map((one) => one.replace(/^.*redsun\.yaml:/, ''));
  expect([...lines].sort()).toEqual([
    '1:7 name: expected a name of small letters, digits and -, got "Bad Name"',
    expect.stringMatching(/^3:1 presentrs: .* got "presentrs"\. Did you mean "presenters"\?$/),
    '5:10 devices.other: expected a place such as "./camera.ts:SimCamera", got "thing.ts"',
  ]);
});

test('a class that the module does not export is told when the session asks for it', async () => {
  const folder = await plant({ ...GOOD, 'good/thing.ts': 'export class Other {}\n' });
  const [found] = await scanBundles([folder]);
  if (found?.kind !== 'loaded') throw new Error('the bundle did not load');
  expect(() => found.bundle.part('./thing.ts:Thing')).toThrowError(
    expect.objectContaining({ code: 'plugin/no-export', message: expect.stringContaining('exports no "Thing"') }),
  );
});

test('a folder that is not there is passed over', async () => {
  expect(await scanBundles([join(root, 'nowhere')])).toEqual([]);
});

test.each(['sim-microscope', 'bluesky-sim'])(
  'the bundle %s imports its own files, the SDK and zod, nothing else',
  async (bundle) => {
    const folder = join(root, 'plugins', bundle);
    const files = (await readdir(folder, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
    // What only its tests use is no part of the bundle.
    const sources = files.filter((name) => !name.startsWith('testing'));
    const foreign: string[] = [];
    for (const name of sources) {
      const text = await readFile(join(folder, name), 'utf8');
      for (const [, path = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
        const inside = path.startsWith('.') && join(folder, dirname(name), path).startsWith(`${folder}/`);
        if (!inside && !/^redsun\/sdk\/[a-z]+(\/kit)?$|^zod$/.test(path)) foreign.push(`${name}: ${path}`);
      }
    }
    expect(sources.length).toBeGreaterThan(15);
    expect(foreign).toEqual([]);
  },
);

test('the simulated microscope works from any folder, without the app around it', async () => {
  const folder = await temporaryFolder();
  await cp(join(root, 'plugins', 'sim-microscope'), join(folder, 'sim-microscope'), { recursive: true });
  const host = await testHost(undefined, { bundleFolders: [folder] });
  expect(host.failedBundles).toEqual([]);
  const outcome = await host.runs.runToEnd(item('count', { num: 2 }, [['camera']]));
  expect(outcome).toMatchObject({ exitStatus: 'success', frames: 2, error: null });
});

async function plant(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

async function scan(files: Readonly<Record<string, string>>) {
  const loaded: string[] = [];
  const failed: RedsunError[] = [];
  for (const found of await scanBundles([await plant(files)])) {
    if (found.kind === 'loaded') loaded.push(found.bundle.manifest.name);
    else failed.push(found.error);
  }
  return { loaded, failed };
}

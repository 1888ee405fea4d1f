import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { version } from '../../src/main/app/version.ts';
import { root } from './built-cli.ts';
import { bench, item, linesOf, SESSION } from './run-cli.ts';

test('a command that there is not gives a near miss, the usage and 2', async () => {
  const { redsun } = await bench();
  const { code, stdout, stderr } = await redsun('inspcet', 'store');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('no command "inspcet". Did you mean "inspect"?');
  expect(stderr).toContain('redsun run ITEMS.json|-');
});

test('an option that there is not is named and gives 2; --help gives the usage and 0', async () => {
  const { redsun } = await bench();
  expect(await redsun('plans', '--jsn')).toMatchObject({ code: 2, stderr: expect.stringContaining("'--jsn'") });
  const help = await redsun('--help');
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(`Redsun ${version}`) });
});

test('a session with mistakes gives 2 and a line for each of them', async () => {
  const { file, redsun } = await bench();
  const session = await file(
    'bad.yaml',
    await readFile(join(root, 'tests', 'session', 'twelve-mistakes.yaml'), 'utf8'),
  );
  const items = await file('items.json', item('count', [['camera']]));
  for (const command of [
    ['run', items, '--session', session],
    ['plans', '--session', session],
    ['serve', session],
  ]) {
    const { code, stdout, stderr } = await redsun(...command);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n').filter((line) => /^bad\.yaml:\d+:\d+ /.test(line))).toHaveLength(12);
  }
});

test('a session file that is not there gives 2 and its name', async () => {
  const { redsun } = await bench();
  const { code, stderr } = await redsun('plans', '--session', 'nowhere.yaml');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('nowhere.yaml cannot be read') });
});

test('plans --json tells each plan with its parameters as JSON Schema, each one documented', async () => {
  const { session, redsun } = await bench();
  const { code, stdout } = await redsun('plans', '--session', session, '--json');
  expect(code).toBe(0);
  const plans: { name: string; description: string; parameters: Record<string, unknown> }[] = JSON.parse(stdout);
  expect(plans.map(({ name }) => name)).toEqual(expect.arrayContaining(['count', 'scan', 'grid_scan', 'mda', 'mv']));
  for (const { name, description, parameters } of plans) {
    expect(description, name).not.toBe('');
    expect(parameters.type, name).toBe('object');
    const properties = Object.entries(parameters.properties as Record<string, { description?: string }>);
    expect(properties.length, name).toBeGreaterThan(0);
    for (const [key, property] of properties)
      expect(property.description, `${name} ${key}`).toEqual(expect.any(String));
  }
});

test('doctor --json tells what works here', async () => {
  const { session, redsun } = await bench();
  const findings: { check: string; ok: boolean; detail: string }[] = JSON.parse(
    (await redsun('doctor', session, '--json')).stdout,
  );
  expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['node', 'memory', 'serial', 'disk']));
  expect(findings.find(({ check }) => check === 'session')).toEqual({
    check: 'session',
    ok: true,
    detail: expect.stringContaining('6 devices; bundles redsun, bluesky-sim, sim-microscope, telling'),
  });
});

test('doctor names what is wrong with a session and gives 1', async () => {
  const { file, redsun } = await bench();
  const session = await file('bad.yaml', SESSION.replace('z-stage', 'z-stag'));
  const { code, stdout } = await redsun('doctor', session);
  expect(code).toBe(1);
  expect(stdout).toMatch(/FAIL session +bad\.yaml:\d+:\d+ devices\.z\.plugin_id/);
});

describe.runIf(process.platform === 'linux')('doctor where udevadm is not installed', () => {
  const without = { PATH: '/nowhere' };

  test('warns that ports cannot be listed, and says what to install', async () => {
    const { session, redsunIn } = await bench();
    const { stdout } = await redsunIn(without, 'doctor', session);
    expect(stdout).toMatch(/^WARN serial +ports cannot be listed.* udevadm is missing; install the package udev$/m);
  });

  test('fails for a session with a device at a serial port, and names the port', async () => {
    const { redsunIn } = await bench();
    const { code, stdout } = await redsunIn(without, 'doctor', join(root, 'sessions', 'sangaboard-z.yaml'), '--json');
    const findings: { check: string }[] = JSON.parse(stdout);
    expect(findings.find(({ check }) => check === 'serial')).toEqual({
      check: 'serial',
      ok: false,
      detail: expect.stringMatching(/udevadm is missing.*\/dev\/ttyACM0/),
      remedy: 'install the package udev',
    });
    expect(code).toBe(1);
  });
});

test('inspect tells what is in a good store and gives 0; --stats adds checksums', async () => {
  const { store, redsun } = await benchWithStore();
  const plain = await redsun('inspect', store, '--json');
  expect(plain.code).toBe(0);
  expect(JSON.parse(plain.stdout)).toMatchObject({
    path: store,
    zarr_format: 3,
    ome_version: '0.5',
    arrays: [{ dtype: 'uint16', shape: [3, 1, 1, 128, 128], written_frames: 3, stats: null }],
    problems: [],
  });
  const { arrays } = JSON.parse((await redsun('inspect', store, '--json', '--stats')).stdout);
  // Frame i of the ramp is (31 i + 7 y + 3 x) mod 65521.
  expect(arrays[0].stats).toMatchObject({
    min: 0,
    max: 31 * 2 + 10 * 127,
    mean: 31 + 5 * 127,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('inspect of a store with changed pixels gives 1 and store/wrong-pixels', async () => {
  const { store, redsun } = await benchWithStore();
  const journal = join(store, '..', 'journal.jsonl');
  const [first = {}, ...rest] = linesOf(await readFile(journal, 'utf8'));
  await writeFile(
    journal,
    `${[{ ...first, crc32c: '00000000' }, ...rest].map((line) => JSON.stringify(line)).join('\n')}\n`,
  );
  const { code, stdout } = await redsun('inspect', store, '--stats');
  expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('problem store/wrong-pixels') });
});

test('inspect of a damaged store gives 1 and a code, and no stack trace', async () => {
  const { store, redsun } = await benchWithStore();
  await truncate(join(store, '0', 'zarr.json'), 40);
  const { code, stdout, stderr } = await redsun('inspect', store);
  expect(code).toBe(1);
  expect(stdout).toMatch(/problem store\/bad-metadata at .*0\/zarr\.json/);
  expect(stdout + stderr).not.toMatch(/\n\s+at /);
});

test.each([
  ['a folder that is no store', '.', 'store/not-a-store'],
  ['a file', 'session.yaml', 'store/not-found'],
  ['a path that is not there', 'nowhere.zarr', 'store/not-found'],
])('inspect of %s gives 1 and its code', async (_what, path, code) => {
  const { redsun } = await bench();
  const finished = await redsun('inspect', path, '--json');
  expect(finished).toMatchObject({ code: 1, stderr: '' });
  expect(JSON.parse(finished.stdout)).toMatchObject({ arrays: [], problems: [{ code }] });
});

test('inspect without a path gives 2', async () => {
  const { redsun } = await bench();
  expect(await redsun('inspect')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('path of a store'),
  });
});

async function benchWithStore() {
  const made = await bench();
  const items = await made.file('items.json', item('count', [['camera']], { num: 3 }));
  const { code, stderr } = await made.redsun('run', items, '--session', made.session, '--out', made.out);
  expect(code, stderr).toBe(0);
  const [run] = await made.runs();
  return { ...made, store: join(made.out, `${run}`, 'data.ome.zarr') };
}

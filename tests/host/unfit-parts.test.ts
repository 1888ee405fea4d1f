import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSession } from '../../src/main/host/building/read-session.ts';
import { unfitParts, unprotectedParts } from '../../src/main/host/unfit-parts.ts';
import { QUICK_SESSION, root, temporaryFolder, testHost } from './test-host.ts';

const MANIFEST = `
name: odd
version: 1.0.0
devices: {five: "./odd.ts:five", half: "./odd.ts:Half", strange: "./odd.ts:Strange", opens: "./odd.ts:Opens", none: "./odd.ts:Missing"}
presenters: {five: "./odd.ts:five"}
writers: {five: "./odd.ts:five"}
plans: {five: "./odd.ts:five"}
`;
const SOURCE = `
import { Device } from 'redsun/sdk/device';
export const five = 5;
export class Half extends Device {
  readonly role = 'light';
  readConfiguration() { return {}; }
  describeConfiguration() { return {}; }
}
export class Strange {}
export class Opens extends Half {
  readonly role = null;
  constructor(name, options, context) { super(name, context); context.startWorker('x'); }
}
`;

async function problemsOf(session: string): Promise<string[]> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'odd'));
  await writeFile(join(folder, 'odd', 'redsun.yaml'), MANIFEST);
  await writeFile(join(folder, 'odd', 'odd.ts'), SOURCE);
  await writeFile(join(folder, 'session.yaml'), session);
  const read = await readSession({
    sessionPath: join(folder, 'session.yaml'),
    bundleFolders: [join(root, 'plugins'), folder],
    version: '0.0.0',
    drivers: {},
  });
  return unfitParts(read.session, read.bundles);
}

test('the doctor names exports that are none, and devices that are not what they claim', async () => {
  const devices = ['half', 'strange', 'opens', 'five'].map((id) => `  a_${id}: {plugin_name: odd, plugin_id: ${id}}\n`);
  const problems = await problemsOf(QUICK_SESSION.replace('channels:\n', `${devices.join('')}channels:\n`));
  expect(problems).toEqual([
    'odd:five: ./odd.ts:five is no class',
    'odd:none: odd: ./odd.ts exports no "Missing"',
    'odd:five: ./odd.ts:five is no class',
    'odd:five: ./odd.ts:five is no class',
    'odd:five: ./odd.ts:five is no plan: it lacks name, description, parameters or plan',
    'a_half: it has the role "light" and lacks read, describe, set, state, turnOff: it is used as none',
    expect.stringContaining('a_strange: it is no device'),
  ]);
});

test('the doctor has nothing to say of what ships', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'session.yaml'), QUICK_SESSION);
  const read = await readSession({
    sessionPath: join(folder, 'session.yaml'),
    bundleFolders: [join(root, 'plugins')],
    version: '0.0.0',
    drivers: {},
  });
  expect(unfitParts(read.session, read.bundles)).toEqual([]);
});

const LIGHTS = `
name: lights
version: 1.0.0
devices: {bare: "./lights.ts:Bare", rail: "./lights.ts:Rail", meter: "./lights.ts:Meter"}
`;
const LIGHT_SOURCE = `
import { Device, finishedStatus } from 'redsun/sdk/device';
import { Signal } from 'redsun/sdk/virtual';
export class Meter extends Device {
  readConfiguration() { return {}; }
  describeConfiguration() { return {}; }
  read() { return {}; }
  describe() { return {}; }
}
export class Bare extends Meter {
  readonly role = 'light';
  readonly changed = new Signal();
  readonly wavelengthNm = null;
  readonly powerMw = null;
  readonly state = { on: false, intensityPercent: 0 };
  set() { return finishedStatus('set'); }
  async turnOff() {}
}
export class Rail extends Meter {
  set() { return finishedStatus('set'); }
  stop() {}
}
`;

async function unguardedBench() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'lights'));
  await writeFile(join(folder, 'lights', 'redsun.yaml'), LIGHTS);
  await writeFile(join(folder, 'lights', 'lights.ts'), LIGHT_SOURCE);
  const devices = ['bare', 'rail', 'meter'].map((id) => `  my_${id}: {plugin_name: lights, plugin_id: ${id}}\n`);
  const session = QUICK_SESSION.replace('channels:\n', `${devices.join('')}channels:\n`);
  await writeFile(join(folder, 'session.yaml'), session);
  return { folder, session, bundleFolders: [join(root, 'plugins'), folder] };
}

const UNGUARDED = [
  'my_bare (light): the guardian cannot put it out, as its driver describes no safe state',
  'my_rail (motion): the guardian cannot halt it, as its driver describes no safe state',
];

test('a session warns of each device that shines or moves and describes no safe state, and of no other', async () => {
  const { session, bundleFolders } = await unguardedBench();
  const host = await testHost(session, { bundleFolders });
  const said = host.services.log.records.filter(({ source }) => source === 'guardian');
  expect(said.map(({ message }) => message).sort()).toEqual(UNGUARDED);
  expect(new Set(said.map(({ level }) => level))).toEqual(new Set(['warning']));
});

test('the doctor names them, too, without opening a line', async () => {
  const { folder, bundleFolders } = await unguardedBench();
  const sessionPath = join(folder, 'session.yaml');
  const read = await readSession({ sessionPath, bundleFolders, version: '0.0.0', drivers: {} });
  expect(unprotectedParts(read.session, read.bundles)).toEqual(UNGUARDED);
});

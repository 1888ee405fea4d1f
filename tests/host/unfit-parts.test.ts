import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSession } from '../../src/main/host/start-host.ts';
import { unfitParts } from '../../src/main/host/unfit-parts.ts';
import { QUICK_SESSION, root, temporaryFolder } from './test-host.ts';

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

import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkItem } from '../../src/main/host/run/check-item.ts';
import type { Host } from '../../src/main/host/start-host.ts';
import { item, QUICK_SESSION, root, temporaryFolder, testHost } from './test-host.ts';

const MANIFEST = `
name: stalling
version: 1.0.0
devices:
  hangs: "./parts.ts:Hangs"
  meets: "./parts.ts:Meets"
  stays: "./parts.ts:Stays"
  half: "./parts.ts:HalfCamera"
  odd: "./parts.ts:Odd"
  wheel: "./parts.ts:DeafWheel"
  noclass: "./parts.ts:notAClass"
presenters: {stays: "./parts.ts:StayingPresenter", promises: "./parts.ts:Promises"}
`;
const SOURCE = `
import { Device, Status } from 'redsun/sdk/device';
import { Presenter } from 'redsun/sdk/presenter';
import { Signal, type VirtualContainer } from 'redsun/sdk/virtual';

class Bare extends Device {
  read() { return { [this.name]: { value: 1, timestamp: 0 } }; }
  describe() { return { [this.name]: { source: 'TEST', dtype: 'number', shape: [] } }; }
  readConfiguration() { return {}; }
  describeConfiguration() { return {}; }
}
const never = () => new Promise<void>(() => {});

/** Hears no signal and answers nothing. */
export class Hangs extends Bare { connect() { return never(); } }

/** Connects when as many as it was told are connecting. */
let waiting: (() => void)[] = [];
export class Meets extends Bare {
  connect() {
    return new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length < 2) return;
      for (const go of waiting) go();
      waiting = [];
    });
  }
}
export class Stays extends Bare { shutdown() { return never(); } }
export class HalfCamera extends Bare { readonly role = 'camera'; readonly changed = new Signal(); }
export class Odd extends Bare { readonly role = 'kamera'; }
export class DeafWheel extends Bare {
  readonly role = 'selector';
  readonly changed = new Signal();
  readonly labels = ['FITC', 'Cy5'];
  readonly selected = 'Cy5';
  readonly moving = false;
  set() { return new Status({ label: 'deaf.set' }); }
}
export const notAClass = 5;

export class StayingPresenter extends Presenter { shutdown() { return never(); } }
export class Promises extends Presenter {
  registerProviders(container: VirtualContainer) { container.registerCallbacks(this); }
  onDocument(name, document) { return name === 'start' ? Promise.reject(new Error('no room')) : undefined; }
}
`;

const lines = ({ services }: Host) => services.log.records.map(({ source, message }) => `${source}: ${message}`);

/** A bundle of parts that stall, beside the simulated microscope. */
async function stallingBundle(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(join(root, 'plugins', 'sim-microscope'), join(folder, 'sim-microscope'), { recursive: true });
  await mkdir(join(folder, 'stalling'));
  await writeFile(join(folder, 'stalling', 'redsun.yaml'), MANIFEST);
  await writeFile(join(folder, 'stalling', 'parts.ts'), SOURCE);
  return folder;
}

/** @param devices - lines of further devices. @param more - further keys of the session. */
async function startWith(devices: string, more = ''): Promise<Host> {
  const session = QUICK_SESSION.replace('channels:\n', `${devices}channels:\n`);
  const deadlines = 'deadlines: {connect_s: 0.2, shutdown_s: 0.2}';
  return testHost(`${deadlines}${session}${more}`, { bundleFolders: [await stallingBundle()] });
}

test('a device that never connects is named and left behind, and a run that wants it is told why it is not there', async () => {
  const host = await startWith('  focus: {plugin_name: stalling, plugin_id: hangs}\n');
  expect(host.services.roster.states.get('focus')?.state).toMatchObject({ kind: 'failed', code: 'device/timeout' });
  expect(lines(host)).toContain('focus: Failed: focus: not connected after 200 ms');
  expect(() => checkItem(host.services, item('count', {}, [['focus']]))).toThrow(
    'count: detectors[0]: the device "focus" is not there, it failed: focus: not connected after 200 ms',
  );
  expect((await host.runs.runToEnd(item('count', {}, [['camera']]))).exitStatus).toBe('success');
});

test('a run that wants any camera is told which failed', async () => {
  const session = `
schema_version: 1
frontend: electron
session: blind
deadlines: {connect_s: 0.2}
devices:
  eye: {plugin_name: stalling, plugin_id: hangs}
`;
  const host = await testHost(session, { bundleFolders: [await stallingBundle()] });
  expect(() => checkItem(host.services, item('mda', { sequence: { time_plan: { interval: 0, loops: 2 } } }))).toThrow(
    'mda: this session has no camera that works. Not there: eye (eye: not connected after 200 ms)',
  );
});

test('devices connect at the same time, and are listed as in the session', async () => {
  const host = await startWith(
    '  one: {plugin_name: stalling, plugin_id: meets}\n  two: {plugin_name: stalling, plugin_id: meets}\n',
  );
  expect([...host.services.roster.devices.keys()].slice(-3)).toEqual(['camera', 'one', 'two']);
});

test('devices on one line, or that name one another, connect one after the other', async () => {
  const host = await startWith(
    '  one: {plugin_name: stalling, plugin_id: meets, port: COM3}\n  two: {plugin_name: stalling, plugin_id: meets, port: COM3}\n',
  );
  expect([...host.services.roster.devices.keys()]).not.toContain('one');
});

test('parts that never shut down are named and left behind: the program ends', async () => {
  const host = await startWith(
    '  stage2: {plugin_name: stalling, plugin_id: stays}\n',
    'presenters: {tally: {plugin_name: stalling, plugin_id: stays}}\n',
  );
  await host.close();
  for (const name of ['stage2', 'tally']) {
    expect(lines(host)).toContain(
      `${name}: Left behind: it did not shut down in 200 ms. Look at the device before you go on`,
    );
  }
});

test('a first channel whose wheel never answers keeps no session from opening', async () => {
  const session = `
schema_version: 1
frontend: electron
session: deaf
deadlines: {connect_s: 0.2, shutdown_s: 0.2}
devices:
  deaf: {plugin_name: stalling, plugin_id: wheel}
channels:
  FITC: {colour: '#3ddc84', exposure_ms: 1, set: {deaf: FITC}}
`;
  const host = await testHost(session, { bundleFolders: [await stallingBundle()] });
  expect(lines(host)).toContain('light: Left behind: channel FITC was not set in 200 ms (deaf to FITC)');
});

test('a role without its members, a role that nobody knows, and an export that is no class are told', async () => {
  const host = await startWith(
    [
      '  half: {plugin_name: stalling, plugin_id: half}',
      '  odd: {plugin_name: stalling, plugin_id: odd}',
      '  five: {plugin_name: stalling, plugin_id: noclass}',
      '',
    ].join('\n'),
  );
  const told = lines(host);
  expect(told).toContainEqual(
    expect.stringMatching(/^half: stalling:half: it has the role "camera" and lacks .*snap, live/),
  );
  expect(told).toContainEqual(
    expect.stringMatching(/^odd: stalling:odd: its role "kamera" is none of camera, .*"camera"\?$/),
  );
  expect(told).toContain('five: Failed: stalling:noclass is no class');
  expect(() =>
    checkItem(host.services, item('mda', { sequence: { channels: ['FITC'] }, detectors: ['half'] })),
  ).toThrow(/expected a camera, and "half" is none\. It has the role "camera" and lacks/);
});

test('a document that a bundle promised to take and did not is told with its name', async () => {
  const host = await startWith('', 'presenters: {tally: {plugin_name: stalling, plugin_id: promises}}\n');
  expect((await host.runs.runToEnd(item('count', {}, [['camera']]))).exitStatus).toBe('success');
  await expect.poll(() => lines(host)).toContain('tally: Failed with a document (start): no room');
});

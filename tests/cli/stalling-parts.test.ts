import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Bench, bench, item, linesOf, SESSION } from './run-cli.ts';

const MANIFEST = `
name: stalling
version: 1.0.0
devices: {hangs: "./parts.ts:Hangs", stays: "./parts.ts:Stays", half: "./parts.ts:Half", rail: "./parts.ts:Rail", five: "./parts.ts:five"}
`;
const SOURCE = `
import { Device } from 'redsun/sdk/device';
const never = () => new Promise<void>(() => {});
class Bare extends Device {
  readConfiguration() { return {}; }
  describeConfiguration() { return {}; }
}
export class Hangs extends Bare { connect() { return never(); } }
export class Stays extends Bare { shutdown() { return never(); } }
export class Half extends Bare { readonly role = 'camera'; }
export class Rail extends Bare { set() {} stop() {} }
export const five = 5;
`;

/** A terminal with a bundle of parts that stall, and a session with them. */
async function stallingBench(devices: string): Promise<Bench & { readonly environment: NodeJS.ProcessEnv }> {
  const made = await bench(
    `deadlines: {connect_s: 0.3, shutdown_s: 0.3}${SESSION.replace('channels:\n', `${devices}channels:\n`)}`,
  );
  const folder = join(made.folder, 'bundles', 'stalling');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'redsun.yaml'), MANIFEST);
  await writeFile(join(folder, 'parts.ts'), SOURCE);
  const telling = join(import.meta.dirname, 'bundles');
  return { ...made, environment: { REDSUN_PLUGINS: [telling, join(made.folder, 'bundles')].join(delimiter) } };
}

test('a run tells which devices are not there and why, runs without them, and ends though one never shuts down', async () => {
  const { environment, redsunIn, file, session, out } = await stallingBench(
    '  focus: {plugin_name: stalling, plugin_id: hangs}\n  stays: {plugin_name: stalling, plugin_id: stays}\n',
  );
  const run = async (...items: unknown[]) =>
    redsunIn(environment, 'run', await file('items.json', items), '--session', session, '--out', out, '--json');
  const done = await run(item('count', [['camera']]));
  expect(done.stderr).toContain('Note: focus: Failed: focus: not connected after 300 ms');
  expect(linesOf(done.stdout)).toMatchObject([{ exit_status: 'success' }]);
  expect(done.code).toBe(0);
  const refused = await run(item('count', [['focus']]));
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    'item 0: count: detectors[0]: the device "focus" is not there, it failed: focus: not connected after 300 ms',
  );
});

test('the doctor fails for parts that are not what they claim to be, and names them', async () => {
  const { environment, redsunIn, session } = await stallingBench('  half: {plugin_name: stalling, plugin_id: half}\n');
  const { code, stdout } = await redsunIn(environment, 'doctor', session);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAIL part +stalling:five: \.\/parts\.ts:five is no class$/m);
  expect(stdout).toMatch(/^FAIL part +half: it has the role "camera" and lacks read, .*: it is used as none$/m);
});

test('the doctor warns of a device that moves and describes no safe state', async () => {
  const { environment, redsunIn, session } = await stallingBench('  rail: {plugin_name: stalling, plugin_id: rail}\n');
  const { stdout } = await redsunIn(environment, 'doctor', session);
  expect(stdout).toMatch(/^WARN safety +rail \(motion\): the guardian cannot halt it, .* no safe state; what it does/m);
});

test('serving for others says what that means, and prints addresses with their token', async () => {
  const { start, session, out } = await bench();
  const serving = start('serve', session, '--host', '0.0.0.0', '--out', out, '--json');
  await serving.said('"urls"');
  serving.child.kill('SIGTERM');
  const { stdout, stderr } = await serving.finished;
  expect(stderr).toContain('Others can reach this microscope');
  const [{ url, urls, token } = { url: '', urls: [], token: '' }] = linesOf(stdout) as {
    url: string;
    urls: string[];
    token: string;
  }[];
  expect(urls[0]).toBe(url);
  for (const one of urls) expect(one).toMatch(new RegExp(`^http://[\\d.]+:\\d+/\\?token=${token}$`));
  expect(urls.join()).not.toContain('0.0.0.0');
});

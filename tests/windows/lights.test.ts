import { cp } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { item } from '../cli/run-cli.ts';
import { laserOnTheNetwork } from './laser-on-the-network.ts';
import { SESSION, windowsBench } from './windows-bench.ts';

test('a run that is killed in an exposure leaves no light on, though its driver is in a bundle on drive C', async () => {
  const laser = await laserOnTheNetwork();
  const bench = await windowsBench(
    `${SESSION}  TRITC: {colour: '#ffb020', exposure_ms: 1, lights: {laser: 40}}\n`.replace(
      'devices:\n',
      `devices:\n  laser: {plugin_name: laser-tcp, plugin_id: laser, tcp_port: ${laser.tcpPort}}\n`,
    ),
  );
  const bundles = win32.join(bench.folder, 'my bundles');
  await cp(join(import.meta.dirname, 'bundles'), bench.onLinux(bundles), { recursive: true });
  const sequence = { channels: [{ config: 'TRITC', exposure: 60_000 }] };
  const items = await bench.file('items.json', item('mda', [], { sequence }));
  const run = bench.startIn(
    { REDSUN_PLUGINS: `${win32.join(bench.folder, 'no such folder')};${bundles}` },
    'run',
    items,
    '--session',
    win32.join(bench.folder, 'session.yaml'),
    '--out',
    win32.join(bench.folder, 'data'),
  );
  await Promise.race([laser.becomes(true), run.finished.then(({ stderr }) => expect.fail(stderr))]);
  const killedMs = Date.now();
  run.child.kill('SIGKILL');
  const { atMs } = await laser.becomes(false);
  expect(atMs - killedMs).toBeLessThan(2500);
});

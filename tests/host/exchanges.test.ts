import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { fakeLinks } from '../../src/sdk/testing/index.ts';
import { QUICK_SESSION, root, testHost } from './test-host.ts';

async function exchangesOf(device: string) {
  const session = QUICK_SESSION.replace(
    'channels:',
    '  bench: {plugin_name: bench-laser, plugin_id: laser, port: /dev/ttyUSB7, wavelength_nm: 561}\nchannels:',
  );
  const bundleFolders = [join(root, 'plugins'), join(root, 'docs', 'examples')];
  const { openLink } = fakeLinks((line) => (line === '?' ? 'OFF' : 'OK'));
  const host = await testHost(session, { bundleFolders, openLink });
  return callChannel(host.server, 'session', 'exchanges', { device }, new AbortController().signal) as Promise<{
    readonly lines: readonly string[];
  }>;
}

test('what was said to a device can be had as lines for a report', async () => {
  const { lines } = await exchangesOf('bench');
  expect(lines).toEqual([
    '/dev/ttyUSB7 at 115200 baud: 2 exchanges',
    '1970-01-01T00:00:00.000Z bench: "OFF" -> "OK" (0.0 ms)',
    '1970-01-01T00:00:00.000Z bench: "?" -> "OFF" (0.0 ms)',
  ]);
});

test('a device that is not there is refused by name', async () => {
  await expect(exchangesOf('bensh')).rejects.toThrow('No device "bensh" in this session');
});

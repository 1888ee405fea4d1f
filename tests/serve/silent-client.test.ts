import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { serveTestHost } from './served-host.ts';

async function visit(options: { readonly autoPong: boolean }) {
  const served = await serveTestHost({ silentClientMs: 200 });
  const { port, token } = served.serving;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/bridge?token=${token}`, options);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return { socket, server: served.host.server };
}

test('a client that does not answer to pings counts as gone', async () => {
  const { server } = await visit({ autoPong: false });
  expect(server.connectionCount).toBe(1);
  await expect.poll(() => server.connectionCount).toBe(0);
});

test('one that does is kept, though it says nothing', async () => {
  const { socket, server } = await visit({ autoPong: true });
  for (let pings = 0; pings < 12; pings++) await once(socket, 'ping');
  expect(server.connectionCount).toBe(1);
});

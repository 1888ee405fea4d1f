import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { allowedHosts, hostsToOpen, isLoopback, thisMachine } from '../../src/main/serve/addresses.ts';
import { type Serving, serveHttp } from '../../src/main/serve/http-server.ts';
import { testHost } from '../host/test-host.ts';
import { get, pageFolder, serveTestHost, upgradeStatus } from './served-host.ts';

const machine = { name: 'Scope-PC', addresses: ['192.168.7.5', 'fd00::2'] };

test.each([
  ['127.0.0.1', ['127.0.0.1'], true],
  ['localhost', ['localhost'], true],
  ['::1', ['[::1]'], true],
  ['192.168.7.5', ['192.168.7.5'], false],
  ['fd00::2', ['[fd00::2]'], false],
  ['0.0.0.0', ['192.168.7.5', '127.0.0.1'], false],
  ['::', ['192.168.7.5', '[fd00::2]', '127.0.0.1'], false],
])('a server on %s is opened at %j', (hostname, hosts, loopback) => {
  expect(hostsToOpen(hostname, machine)).toEqual(hosts);
  expect(isLoopback(hostname)).toBe(loopback);
});

test('a server for others knows the names and addresses of its machine, one for this machine does not', () => {
  const everywhere = allowedHosts('::', '::', 8080, machine);
  for (const host of ['192.168.7.5', '[fd00::2]', 'scope-pc', 'scope-pc.local', 'localhost', '[::1]']) {
    expect(everywhere.has(`${host}:8080`), host).toBe(true);
  }
  expect(everywhere.has('evil.example:8080')).toBe(false);
  expect(everywhere.has('192.168.7.5')).toBe(false);
  expect(allowedHosts('0.0.0.0', '0.0.0.0', 80, machine).has('192.168.7.5')).toBe(true);
  const here = allowedHosts('127.0.0.1', '127.0.0.1', 8080, machine);
  for (const host of ['192.168.7.5', 'scope-pc']) expect(here.has(`${host}:8080`), host).toBe(false);
});

async function serveOn(hostname: string): Promise<Serving> {
  const host = await testHost();
  const page = await pageFolder();
  const serving = await serveHttp({
    server: host.server,
    pageFolder: page,
    hostname,
    port: 0,
    guardianPort: null,
    onFault: () => {},
  });
  onTestFinished(() => serving.close());
  return serving;
}

test.each(['0.0.0.0', '::'])('every address that is told for %s opens page and microscope', async (hostname) => {
  const serving = await serveOn(hostname);
  expect(serving.urls).toHaveLength(hostsToOpen(hostname, thisMachine()).length);
  for (const url of serving.urls) {
    expect((await fetch(url)).status, url).toBe(200);
    const { host, origin } = new URL(url);
    const socket = new WebSocket(`ws://${host}/bridge?token=${serving.token}`, { origin });
    await once(socket, 'open');
    socket.terminate();
  }
  const own = `${thisMachine().name}:${serving.port}`;
  expect((await get(serving, '/', { headers: { host: own } })).status).toBe(200);
  for (const host of [`evil.example:${serving.port}`, `0.0.0.0.evil.example:${serving.port}`]) {
    expect((await get(serving, '/', { headers: { host } })).status, host).toBe(403);
    const bridge = `/bridge?token=${serving.token}`;
    expect(await upgradeStatus(serving, bridge, { origin: `http://${host}` }), host).toBe(403);
  }
});

test('the page may speak to its own origin only', async () => {
  const { serving } = await serveTestHost();
  const policy = String((await get(serving, '/')).headers['content-security-policy']);
  const [connect] = /connect-src [^;]*/.exec(policy) ?? [];
  expect(connect).toBe("connect-src 'self'");
});

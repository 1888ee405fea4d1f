import { expect, test } from 'vitest';
import { get, rawUpgrade, resetDuringUpgrade, serveTestHost, upgradeStatus } from './served-host.ts';

test('the page needs no token and is not kept by the browser', async () => {
  const { serving } = await serveTestHost();
  const { status, headers, body } = await get(serving, '/');
  expect({ status, body }).toEqual({ status: 200, body: expect.stringContaining('<title>Redsun</title>') });
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  expect(await get(serving, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  expect(await get(serving, '/', { method: 'POST' })).toMatchObject({ status: 405, body: '' });
});

test('only the decode worker may build code at run time', async () => {
  const { serving } = await serveTestHost();
  const policyOf = async (path: string) => String((await get(serving, path)).headers['content-security-policy']);
  for (const path of ['/', '/assets/index-1a2b.js', '/nowhere.js']) {
    const policy = await policyOf(path);
    expect(policy, path).toContain("default-src 'none'; script-src 'self';");
    expect(policy, path).not.toContain('unsafe-eval');
  }
  expect(await policyOf('/assets/decode-worker-3c4d.js')).toContain("script-src 'self' 'unsafe-eval'");
});

test.each([
  '/../secret.json',
  '/assets/../../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/assets/..%5c..%5csecret.json',
  '//etc/passwd',
  '/index.html%00.js',
  '/%ff',
  '//',
])('%s leads nowhere', async (path) => {
  const { serving, faults } = await serveTestHost();
  const { status, body } = await get(serving, path);
  expect({ status, body }).toEqual({ status: 404, body: '' });
  expect(faults).toEqual([]);
});

test('whoever comes by another name of this machine gets nothing', async () => {
  const { serving } = await serveTestHost();
  const bridge = `/bridge?token=${serving.token}`;
  for (const name of ['evil.example', `evil.example:${serving.port}`, '127.0.0.1', '127.0.0.1:1']) {
    expect((await get(serving, '/', { headers: { host: name } })).status, name).toBe(403);
    expect(await upgradeStatus(serving, bridge, { host: name }), name).toBe(403);
  }
  for (const name of ['localhost', '[::1]', '127.0.0.1']) {
    expect((await get(serving, '/', { headers: { host: `${name}:${serving.port}` } })).status, name).toBe(200);
  }
});

test('the bridge needs the token', async () => {
  const { serving, host } = await serveTestHost();
  for (const path of ['/bridge', '/bridge?token=', '/bridge?token=wrong', `/bridge?token=${serving.token}x`]) {
    expect(await upgradeStatus(serving, path), path).toBe(401);
  }
  expect(await upgradeStatus(serving, `/other?token=${serving.token}`)).toBe(404);
  expect(host.server.connectionCount).toBe(0);
  expect(await upgradeStatus(serving, `/bridge?token=${serving.token}`)).toBe(101);
});

test('the bridge refuses pages of other origins, also when they know the token', async () => {
  const { serving } = await serveTestHost();
  const bridge = `/bridge?token=${serving.token}`;
  for (const origin of ['https://evil.example', `http://127.0.0.1:${serving.port + 1}`, 'null', 'file://']) {
    expect(await upgradeStatus(serving, bridge, { origin }), origin).toBe(403);
  }
  expect(await upgradeStatus(serving, bridge, { origin: `http://127.0.0.1:${serving.port}` })).toBe(101);
});

test('asking for a bridge at no address is refused, and the server lives on', async () => {
  const { serving } = await serveTestHost();
  expect(await rawUpgrade(serving, '//')).toContain('404 Not Found');
  expect((await get(serving, '/')).status).toBe(200);
});

test('a client that hangs up while it is refused does no harm', async () => {
  const { serving } = await serveTestHost();
  for (let i = 0; i < 20; i++) await resetDuringUpgrade(serving);
  expect((await get(serving, '/')).status).toBe(200);
});

test('the token is long, and another one with every start', async () => {
  const one = await serveTestHost();
  const other = await serveTestHost();
  expect(one.serving.token).toMatch(/^[\w-]{32}$/);
  expect(one.serving.token).not.toBe(other.serving.token);
  expect(one.serving.url).toBe(`http://127.0.0.1:${one.serving.port}/?token=${one.serving.token}`);
});

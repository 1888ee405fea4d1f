import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SafetyAct } from '../shared/guardian/safety-act.ts';
import type { Guardian } from './guardian.ts';
import { PageSocket } from './page-socket.ts';

const ACT: SafetyAct = { number: 1, reason: 'stop', by: 'Esc', time: 0, session: 's', devices: [], tookMs: 1 };

/** A guardian that only notes what it is asked. */
async function served(origins: readonly string[] = []) {
  const asked: string[] = [];
  const guardian = {
    silentMs: 0,
    isHostGone: false,
    act: async (reason: string, by: string | null) => {
      asked.push(`${reason} by ${by}`);
      return ACT;
    },
  };
  const pages = new PageSocket(() => guardian as unknown as Guardian);
  const port = await pages.serve({ hostname: '127.0.0.1', port: 0, token: 'secret', origins });
  return { asked, guardian, pages, port };
}

function visit(port: number, token = 'secret', headers: Record<string, string> = {}): WebSocket {
  const page = new WebSocket(`ws://127.0.0.1:${port}/?token=${token}`, { headers });
  onTestFinished(() => page.terminate());
  return page;
}

async function nextMessage(page: WebSocket): Promise<unknown> {
  const [data] = await once(page, 'message');
  return JSON.parse(String(data));
}

/** What comes back to raw bytes. */
function answerTo(port: number, request: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let heard = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
    socket.setTimeout(5000, () => socket.destroy());
  });
}

describe('a page', () => {
  test('learns how the host is, and presses STOP', async () => {
    const { asked, port } = await served();
    const page = visit(port);
    expect(await nextMessage(page)).toMatchObject({ kind: 'host', host: 'well' });
    page.send(JSON.stringify({ kind: 'stop', by: 'Esc' }));
    await expect.poll(() => asked).toEqual(['stop by Esc']);
  });

  test('is told that the host is silent, for how long, and that it has gone', async () => {
    const { guardian, port } = await served();
    const page = visit(port);
    await nextMessage(page);
    guardian.silentMs = 700;
    expect(await nextMessage(page)).toEqual({ kind: 'host', host: 'silent', silentMs: 700 });
    guardian.isHostGone = true;
    await expect.poll(async () => ((await nextMessage(page)) as { host: string }).host).toBe('gone');
  });

  test.each([
    ['without the token', '', {}],
    ['with another token', 'guessed', {}],
    ['of another site', 'secret', { origin: 'http://elsewhere.example' }],
  ])('%s is refused', async (_who, token, headers) => {
    const { port } = await served(['http://127.0.0.1:1']);
    const [error] = (await once(visit(port, token, headers), 'error')) as [Error];
    expect(error.message).toContain('403');
  });
});

test('nonsense ends neither the guardian nor other pages', async () => {
  const { asked, port } = await served();
  const good = visit(port);
  await nextMessage(good);
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
  for (const request of [
    `GET // HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`,
    `GET /?token=secret HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`,
    'GET /%ff%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    '\x16\x03\x01 no http at all\r\n\r\n',
  ]) {
    expect(await answerTo(port, request)).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
  }
  for (const message of [
    '{',
    '[]',
    '{"kind":"stop"}',
    `{"kind":"stop","by":"${'x'.repeat(300)}"}`,
    Buffer.alloc(9),
    'x'.repeat(10_000),
  ]) {
    const bad = visit(port);
    bad.on('error', () => {});
    await once(bad, 'open');
    bad.send(message);
    await once(bad, 'close');
  }
  good.send(JSON.stringify({ kind: 'stop', by: 'button' }));
  await expect.poll(() => asked).toEqual(['stop by button']);
});

import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Host } from '../../src/main/host/start-host.ts';
import { type Serving, serveHttp } from '../../src/main/serve/http-server.ts';
import { webSocketTransport } from '../../src/main/serve/web-socket-transport.ts';
import { RedsunError } from '../../src/sdk/util/index.ts';
import type { Transport } from '../../src/shared/ipc/transport.ts';
import { temporaryFolder, testHost } from '../host/test-host.ts';

export interface ServedHost {
  readonly host: Host;
  readonly serving: Serving;
  /** What the server could not tell anybody else. */
  readonly faults: unknown[];
}

/** A page as it is built: a document, its script, and the worker that decodes. Beside the folder lies a secret. */
export async function pageFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const page = join(folder, 'page');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.json'), '{"secret":true}');
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Redsun</title>');
  for (const name of ['index-1a2b.js', 'decode-worker-3c4d.js']) await writeFile(join(page, 'assets', name), '// code');
  return page;
}

export async function serveTestHost(options: { readonly silentClientMs?: number } = {}): Promise<ServedHost> {
  const faults: unknown[] = [];
  const host = await testHost();
  const serving = await serveHttp({
    server: host.server,
    pageFolder: await pageFolder(),
    guardianPort: null,
    ...options,
    hostname: '127.0.0.1',
    port: 0,
    onFault: (error) => faults.push(error),
  });
  onTestFinished(() => serving.close());
  return { host, serving, faults };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with exactly this path: clients that tidy up `..` would hide what is tested. */
export function get(
  { port }: Serving,
  path: string,
  options: { readonly headers?: Record<string, string>; readonly method?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.once('error', reject).end();
  });
}

/** Status with which the server refuses to open a socket; 101: it opened one. */
export function upgradeStatus(serving: Serving, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${serving.port}${path}`, { headers });
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (asked, response) => {
      resolve(response.statusCode ?? 0);
      asked.destroy();
    });
    socket.once('error', reject);
  });
}

const ANSWER_MS = 5_000;
const upgradeRequest = (path: string, port: number) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

/** What the server says to a client that asks for a socket at `path`, whatever that is. */
export function rawUpgrade({ port }: Serving, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(upgradeRequest(path, port)));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.once('end', () => resolve(answer)).once('error', reject);
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer to ${path} in ${ANSWER_MS} ms`)));
  });
}

/** Asks for a socket without the token and resets the connection before the answer. */
export function resetDuringUpgrade({ port }: Serving): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.write(upgradeRequest('/bridge', port), () => socket.resetAndDestroy());
    });
    socket.once('close', () => resolve()).once('error', reject);
  });
}

/** A browser's connection to the bridge. */
export function connectSocket({ port, token }: Pick<Serving, 'port' | 'token'>): {
  connect: () => Promise<Transport>;
  sockets: WebSocket[];
} {
  const sockets: WebSocket[] = [];
  const open = () =>
    new Promise<Transport>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/bridge?token=${token}`);
      sockets.push(socket);
      socket.once('open', () => {
        // The host speaks first, and its word may have come with the answer: hold it until the bridge listens.
        socket.pause();
        resolve(webSocketTransport(socket, () => {}));
        setImmediate(() => socket.resume());
      });
      socket.once('error', (cause) => reject(new RedsunError('channel/lost', 'The socket did not open', { cause })));
    });
  return { connect: open, sockets };
}

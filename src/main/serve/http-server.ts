import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { RedsunError } from 'redsun/sdk/util';
import { WebSocketServer } from 'ws';
import type { ChannelServer } from '../ipc/channel-server.ts';
import { readPageFile, SECURITY_HEADERS } from './page-files.ts';
import { webSocketTransport } from './web-socket-transport.ts';

export interface ServeOptions {
  readonly server: ChannelServer;
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** Loopback unless the operator says otherwise. */
  readonly hostname: string;
  /** 0: any free port. */
  readonly port: number;
  readonly onFault: (error: unknown) => void;
  /** Port of the guardian's socket, on the same interface; null: it has none. */
  readonly guardianPort: number | null;
}

export interface Serving {
  /** With the token; opening it is all a browser needs. */
  readonly url: string;
  readonly token: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the page and the bridge. Whoever has no token gets the page but not the microscope. */
export async function serveHttp({
  server,
  pageFolder,
  hostname,
  port,
  onFault,
  guardianPort,
}: ServeOptions): Promise<Serving> {
  const token = randomBytes(24).toString('base64url');
  const http = createServer((request, response) => {
    respond(request, response, { pageFolder, guardianPort }, () => allowedHosts(http, hostname)).catch(
      (error: unknown) => {
        onFault(error);
        response.writeHead(500).end();
      },
    );
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024 * 1024, perMessageDeflate: false });
  http.on('upgrade', (request, socket: Duplex, head) => {
    const refusal = refuse(request, token, allowedHosts(http, hostname));
    if (refusal) {
      // Node has taken its own listener away: without one, a client that hangs up now would end the program.
      socket.on('error', onFault);
      // Nor may one that keeps its side open hold up the end of this server.
      socket.once('finish', () => socket.destroy());
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => server.serve(webSocketTransport(webSocket, onFault)));
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', (cause) =>
      reject(new RedsunError('serve/listen', `Cannot listen on ${hostname}:${port}: ${cause.message}`, { cause })),
    );
    http.listen(port, hostname, resolve);
  });
  const address = http.address() as AddressInfo;
  const shown = hostname.includes(':') ? `[${hostname}]` : hostname;
  return {
    url: `http://${shown}:${address.port}/?token=${token}`,
    token,
    port: address.port,
    async close() {
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections?.();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

/** Names under which this server may be spoken to: anything else is a page of somebody else's that resolves here. */
function allowedHosts(http: Server, hostname: string): ReadonlySet<string> {
  const { port } = http.address() as AddressInfo;
  return new Set(['127.0.0.1', 'localhost', '[::1]', hostname].map((name) => `${name}:${port}`));
}

function refuse(request: IncomingMessage, token: string, hosts: ReadonlySet<string>): string | null {
  const url = addressOf(request);
  if (url?.pathname !== '/bridge') return '404 Not Found';
  if (!hosts.has(request.headers.host ?? '')) return '403 Forbidden';
  const { origin } = request.headers;
  if (origin !== undefined && !hosts.has(origin.replace(/^https?:\/\//, ''))) return '403 Forbidden';
  const given = Buffer.from(url.searchParams.get('token') ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? null : '401 Unauthorized';
}

/** The guardian's socket under the name by which this server is spoken to. */
function socketsBeside({ headers }: IncomingMessage, guardianPort: number | null): string[] {
  const name = (headers.host ?? '').replace(/:\d+$/, '');
  return guardianPort === null ? [] : [`ws://${name}:${guardianPort}`];
}

/** What was asked for; null for what is no address, such as `//`. */
function addressOf({ url = '/' }: IncomingMessage): URL | null {
  try {
    return new URL(url, 'http://host');
  } catch {
    return null;
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { pageFolder, guardianPort }: Pick<ServeOptions, 'pageFolder' | 'guardianPort'>,
  hosts: () => ReadonlySet<string>,
): Promise<void> {
  if (!hosts().has(request.headers.host ?? '')) {
    response.writeHead(403).end();
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405).end();
    return;
  }
  const url = addressOf(request);
  const file = url && (await readPageFile(pageFolder, url.pathname, socketsBeside(request, guardianPort)));
  if (!file) {
    response.writeHead(404, SECURITY_HEADERS).end();
    return;
  }
  response.writeHead(200, { ...SECURITY_HEADERS, ...file.headers, 'Content-Length': file.bytes.byteLength });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

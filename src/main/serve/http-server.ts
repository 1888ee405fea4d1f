import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { RedsunError } from 'redsun/sdk/util';
import { WebSocketServer } from 'ws';
import type { ChannelServer } from '../ipc/channel-server.ts';
import { allowedHosts, hostsToOpen, type Machine, thisMachine } from './addresses.ts';
import { clientName } from './client-name.ts';
import { endWhenSilent, SILENT_CLIENT_MS } from './end-silent.ts';
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
  /** A client that is silent for so long counts as gone. Default: 10 s. */
  readonly silentClientMs?: number;
  /** Default: what the system says at each request, as networks come and go. */
  readonly machine?: () => Machine;
}

export interface Serving {
  /** With the token; opening it is all a browser needs. */
  readonly url: string;
  /** The same under each address of the machine that it listens on, `url` first. */
  readonly urls: readonly string[];
  readonly token: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the page and the bridge. Whoever has no token gets the page but not the microscope. */
export async function serveHttp(options: ServeOptions): Promise<Serving> {
  const {
    server,
    pageFolder,
    hostname,
    port,
    onFault,
    guardianPort,
    machine = thisMachine,
    silentClientMs = SILENT_CLIENT_MS,
  } = options;
  const token = randomBytes(24).toString('base64url');
  const hosts = () => {
    const { address, port: bound } = http.address() as AddressInfo;
    return allowedHosts(hostname, address, bound, machine());
  };
  const http: Server = createServer((request, response) => {
    respond(request, response, { pageFolder, guardianPort }, hosts).catch((error: unknown) => {
      onFault(error);
      response.writeHead(500).end();
    });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024 * 1024, perMessageDeflate: false });
  http.on('upgrade', (request, socket: Duplex, head) => {
    const refusal = refuse(request, token, hosts());
    if (refusal) {
      // Node has taken its own listener away: without one, a client that hangs up now would end the program.
      socket.on('error', onFault);
      // Nor may one that keeps its side open hold up the end of this server.
      socket.once('finish', () => socket.destroy());
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      endWhenSilent(webSocket, silentClientMs);
      const name = clientName(request.headers['user-agent'], request.socket.remoteAddress);
      server.serve(webSocketTransport(webSocket, onFault), { name });
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', (cause) =>
      reject(new RedsunError('serve/listen', `Cannot listen on ${hostname}:${port}: ${cause.message}`, { cause })),
    );
    http.listen(port, hostname, resolve);
  });
  const address = http.address() as AddressInfo;
  const urls = hostsToOpen(hostname, machine()).map((host) => `http://${host}:${address.port}/?token=${token}`);
  return {
    url: urls[0] ?? '',
    urls,
    token,
    port: address.port,
    async close() {
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections?.();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

function refuse(request: IncomingMessage, token: string, hosts: ReadonlySet<string>): string | null {
  const url = addressOf(request);
  if (url?.pathname !== '/bridge') return '404 Not Found';
  if (!hosts.has(hostOf(request))) return '403 Forbidden';
  const { origin } = request.headers;
  if (origin !== undefined && !hosts.has(origin.toLowerCase().replace(/^https?:\/\//, ''))) return '403 Forbidden';
  const given = Buffer.from(url.searchParams.get('token') ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? null : '401 Unauthorized';
}

/** The guardian's socket under the name by which this server is spoken to. */
function socketsBeside(request: IncomingMessage, guardianPort: number | null): string[] {
  const name = hostOf(request).replace(/:\d+$/, '');
  return guardianPort === null ? [] : [`ws://${name}:${guardianPort}`];
}

function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').toLowerCase();
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
  if (!hosts().has(hostOf(request))) {
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

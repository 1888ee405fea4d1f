import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import {
  type GuardianToPage,
  pageToGuardianSchema,
  type SafetyAct,
  type SafetyReason,
} from '../shared/guardian/safety-act.ts';
import type { Guardian } from './guardian.ts';
import type { PageServing } from './messages.ts';

/** A host that said nothing for so long is called silent, ms. */
const HOST_SILENT_MS = 500;
/** How often pages are told how the host is, ms. */
const TELL_MS = 100;
/** More pages than this are no operators'. */
const MAX_PAGES = 64;
/** Whoever only knocks must not use up what this process may open. */
const MAX_CONNECTIONS = 256;

/** Where pages reach the guardian without the host: they press STOP, and learn how the host is and what became of the devices. */
export class PageSocket {
  readonly #guardian: () => Guardian;
  readonly #server: WebSocketServer;
  #host: string = 'well';

  constructor(guardian: () => Guardian) {
    this.#guardian = guardian;
    this.#server = new WebSocketServer({ noServer: true, maxPayload: 4096, clientTracking: true });
    setInterval(() => this.#look(), TELL_MS).unref();
  }

  /** @returns the port. */
  async serve({ hostname, port, token, origins }: PageServing): Promise<number> {
    const http = createServer((_request, response) => response.writeHead(404).end());
    http.maxConnections = MAX_CONNECTIONS;
    http.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {});
      if (!isAllowed(request, token, origins) || this.#server.clients.size >= MAX_PAGES) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (page) => this.#welcome(page));
    });
    await new Promise<void>((resolve, reject) => {
      http.once('error', (error) => {
        // The port of the guardian before this one may be taken by now: any other is better than none.
        if (port === 0) return reject(error);
        http.listen(0, hostname, resolve);
      });
      http.listen(port, hostname, resolve);
    });
    http.unref();
    return (http.address() as AddressInfo).port;
  }

  acting(reason: SafetyReason, by: string | null): void {
    // That the host has gone is told before this process goes, too.
    this.#look();
    this.#tell({ kind: 'acting', reason, by });
  }

  acted(act: SafetyAct): void {
    this.#tell({ kind: 'acted', act });
  }

  #welcome(page: WebSocket): void {
    page.on('error', () => page.terminate());
    page.on('message', (data, isBinary) => {
      const message = isBinary ? null : pageToGuardianSchema.safeParse(parsed(String(data)));
      if (!message?.success) return page.close(1008, 'Not understood');
      void this.#guardian().act('stop', message.data.by);
    });
    page.send(JSON.stringify(this.#hostState()));
  }

  #look(): void {
    const state = this.#hostState();
    // While it is silent pages want to know for how long.
    if (state.host === this.#host && state.host !== 'silent') return;
    this.#host = state.host;
    this.#tell(state);
  }

  #hostState(): Extract<GuardianToPage, { kind: 'host' }> {
    const { isHostGone, silentMs } = this.#guardian();
    const host = isHostGone ? 'gone' : silentMs > HOST_SILENT_MS ? 'silent' : 'well';
    return { kind: 'host', host, silentMs: Math.round(silentMs) };
  }

  #tell(message: GuardianToPage): void {
    const text = JSON.stringify(message);
    for (const page of this.#server.clients) if (page.readyState === WebSocket.OPEN) page.send(text);
  }
}

function isAllowed({ url = '', headers }: IncomingMessage, token: string, origins: readonly string[]): boolean {
  const given = Buffer.from(tokenIn(url));
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false;
  return origins.length === 0 || origins.includes(headers.origin ?? '');
}

/** Empty for what is no address, such as `//`. */
function tokenIn(url: string): string {
  try {
    return new URL(url, 'http://guardian').searchParams.get('token') ?? '';
  } catch {
    return '';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

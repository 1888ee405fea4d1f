import { type Protocol, protocol } from 'electron';
import { readPageFile, SECURITY_HEADERS } from '../serve/page-files.ts';

export const PAGE_SCHEME = 'app';
export const PAGE_ORIGIN = `${PAGE_SCHEME}://redsun`;

/** Before the app is ready: the page's own scheme is as good as https. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Older Electrons have no `protocol.handle`; tests run in one. */
type LegacyProtocol = Protocol & {
  registerBufferProtocol?: (
    scheme: string,
    handler: (
      request: { url: string },
      callback: (response: {
        data?: Buffer;
        headers?: Record<string, string>;
        mimeType?: string;
        statusCode?: number;
      }) => void,
    ) => void,
  ) => void;
};

/** The guardian is on this computer, at a port that changes with each. */
const GUARDIAN_SOCKETS = ['ws://127.0.0.1:*'];

/** Serves the built page, with the headers that `redsun serve` sends. */
export function servePage(pageFolder: string): void {
  const legacy: LegacyProtocol = protocol;
  if (typeof protocol.handle === 'function') {
    protocol.handle(PAGE_SCHEME, async ({ url }) => {
      const file = await readPageFile(pageFolder, new URL(url).pathname, GUARDIAN_SOCKETS);
      if (!file) return new Response(null, { status: 404 });
      return new Response(new Uint8Array(file.bytes), { headers: { ...SECURITY_HEADERS, ...file.headers } });
    });
    return;
  }
  legacy.registerBufferProtocol?.(PAGE_SCHEME, ({ url }, callback) => {
    readPageFile(pageFolder, new URL(url).pathname, GUARDIAN_SOCKETS).then(
      (file) => {
        if (!file) return callback({ statusCode: 404 });
        const headers = { ...SECURITY_HEADERS, ...file.headers };
        callback({ data: file.bytes, headers, mimeType: (headers['Content-Type'] ?? '').split(';')[0] ?? '' });
      },
      () => callback({ statusCode: 500 }),
    );
  });
}

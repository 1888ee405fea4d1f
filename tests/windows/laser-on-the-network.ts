import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface Change {
  /** Unix time, ms. */
  readonly atMs: number;
  readonly on: boolean;
}

/** A laser that listens on Linux: the witness of what shines, whatever becomes of those who drive it from Windows. */
export interface LaserOnTheNetwork {
  readonly tcpPort: number;
  /** Resolves when it is on, or off. */
  becomes(on: boolean): Promise<Change>;
}

/** Answers `ON` and `OFF` with `OK`, `?` with `ON` or `OFF`. */
export async function laserOnTheNetwork(): Promise<LaserOnTheNetwork> {
  let last: Change = { atMs: Date.now(), on: false };
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();
  const answer = (line: string) => {
    if (line === '?') return last.on ? 'ON' : 'OFF';
    if (line !== 'ON' && line !== 'OFF') return 'E1 unknown';
    if (last.on !== (line === 'ON')) last = { atMs: Date.now(), on: line === 'ON' };
    for (const tell of [...waiting]) tell();
    return 'OK';
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let heard = '';
    // Whoever drove it may have been killed.
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text: string) => {
      const lines = (heard + text).split('\n');
      heard = lines.pop() ?? '';
      for (const line of lines) socket.write(`${answer(line.trimEnd())}\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return {
    tcpPort: typeof address === 'object' && address ? address.port : 0,
    becomes: (on) =>
      new Promise((resolve) => {
        const check = () => {
          if (last.on !== on) return;
          waiting.delete(check);
          resolve(last);
        };
        waiting.add(check);
        check();
      }),
  };
}

import type { Socket } from 'node:net';

/** Longer lines are a fault, characters: bytes of exchanges travel in them. */
const MAX_LINE = 64 * 1024 * 1024;

/** Calls `onMessage` with each JSON object that arrives as a line. A line that is none ends the connection. */
export function readJsonLines(socket: Socket, onMessage: (message: unknown) => void): void {
  let pending = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    pending += text;
    let start = 0;
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n', start)) {
      const line = pending.slice(start, end);
      start = end + 1;
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch (cause) {
        socket.destroy(new Error(`A line of ${line.length} characters is no JSON`, { cause }));
        return;
      }
      onMessage(message);
    }
    pending = pending.slice(start);
    if (pending.length > MAX_LINE) socket.destroy(new Error(`A line of over ${MAX_LINE} characters`));
  });
}

export function writeJsonLine(socket: Socket, message: object): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

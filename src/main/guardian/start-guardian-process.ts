import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { asError, RedsunError } from 'redsun/sdk/util';
import { readJsonLines, writeJsonLine } from '../../guardian/json-lines.ts';
import type { GuardianMessage } from '../../guardian/messages.ts';
import type { GuardianConnection, StartGuardian } from './guardian-connection.ts';

/** A guardian that has not called by then does not come, ms. */
const CALL_MS = 10_000;

/**
 * Starts guardians from a file. Each is a session of its own with none of this process's streams, so it outlives this process, its
 * terminal and its Ctrl+C. It calls back over the loopback interface, which works where pipes do not, and proves itself by a token.
 */
export function guardianProcess(path: string): StartGuardian {
  return async () => {
    const token = randomBytes(32).toString('hex');
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const child = spawn(process.execPath, [path], {
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
      // Not the folder of this process: a disk that is to be unplugged must not be held.
      cwd: dirname(path),
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', REDSUN_GUARDIAN: JSON.stringify({ port, token }) },
    });
    try {
      return await new Promise<GuardianConnection>((resolve, reject) => {
        const fail = (why: string, cause?: unknown) =>
          reject(new RedsunError('guardian/not-started', `The guardian process does not start: ${why}`, { cause }));
        const timer = setTimeout(() => fail(`it has not called in ${CALL_MS} ms`), CALL_MS);
        child.once('error', (error) => fail(asError(error).message, error));
        child.once('exit', (code, signal) => fail(`it ended with ${signal ?? code}`));
        child.unref();
        server.on('connection', (socket) => {
          socket.on('error', () => {});
          void greet(socket, token).then((isOurs) => {
            if (!isOurs) return socket.destroy();
            clearTimeout(timer);
            resolve(connectionOver(socket, child.pid ?? 0));
          });
        });
      });
    } catch (thrown) {
      child.kill();
      throw thrown;
    } finally {
      server.close();
    }
  };
}

/** Whether the first line is the token. */
function greet(socket: Socket, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const onData = (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      const end = heard.indexOf(0x0a);
      if (end < 0 && heard.length <= token.length) return;
      socket.off('data', onData);
      socket.pause();
      if (end >= 0) socket.unshift(heard.subarray(end + 1));
      resolve(end >= 0 && heard.subarray(0, end).toString('latin1') === token);
    };
    socket.on('data', onData);
    socket.once('close', () => resolve(false));
  });
}

function connectionOver(socket: Socket, pid: number): GuardianConnection {
  return {
    pid,
    post: (message) => writeJsonLine(socket, message),
    onMessage(listener) {
      readJsonLines(socket, (message) => listener(message as GuardianMessage));
      socket.resume();
    },
    onEnd(listener) {
      if (socket.destroyed) return listener();
      socket.once('close', listener);
    },
    destroy: () => socket.destroy(),
  };
}

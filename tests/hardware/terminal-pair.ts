import { spawn } from 'node:child_process';

/** Two pseudo-terminals joined back to back: what one end writes the other one reads. */
export interface TerminalPair extends AsyncDisposable {
  readonly paths: readonly [string, string];
}

export async function openTerminalPair(): Promise<TerminalPair> {
  const socat = spawn('socat', ['-d', '-d', 'pty,raw,echo=0', 'pty,raw,echo=0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => socat.once('exit', () => resolve()));
  const paths: string[] = [];
  let heard = '';
  const paired = new Promise<void>((resolve, reject) => {
    socat.once('error', (error) => reject(new Error(`socat cannot be started: ${error.message}`)));
    socat.once('exit', (code) => reject(new Error(`socat ended with ${code}: ${heard}`)));
    socat.stderr.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      paths.splice(0, paths.length, ...[...heard.matchAll(/PTY is (\S+)/g)].map(([, path]) => path ?? ''));
      if (paths.length === 2 && heard.includes('starting data transfer')) resolve();
    });
  });
  await paired;
  return {
    paths: [paths[0]!, paths[1]!],
    async [Symbol.asyncDispose]() {
      socat.kill();
      await exited;
    },
  };
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, temporaryFolder } from '../host/test-host.ts';

/** What `npm start` runs, without a display, until it has printed `lines` lines. */
async function startWithoutDisplay(lines: number): Promise<string[]> {
  const { DISPLAY: _x11, WAYLAND_DISPLAY: _wayland, ...environment } = process.env;
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs')], {
    env: { ...environment, REDSUN_OUT: await temporaryFolder() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    let text = '';
    for await (const part of child.stdout.setEncoding('utf8')) {
      text += String(part);
      if (text.split('\n').length > lines) break;
    }
    return text.trim().split('\n');
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

test.runIf(process.platform === 'linux')(
  'npm start without a display says why in one line and prints a URL that serves the page',
  { timeout: 120_000 },
  async () => {
    const [why, serving] = await startWithoutDisplay(2);
    expect(why).toBe('No window: there is no display. Serving the same interface to a browser.');
    expect(serving).toMatch(/^Redsun serves "simulated" at http:\/\/127\.0\.0\.1:\d+\/\?token=\S{32}$/);
  },
);

import { onTestFinished } from 'vitest';
import { connectWithin, Terminal } from '../../src/main/cli/terminal.ts';
import type { Host } from '../../src/main/host/start-host.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';

/** A terminal on a host, closed when the test ends. */
export async function terminalOn({ server }: Host, name?: string): Promise<Terminal> {
  const terminal = await Terminal.open(connectWithin(server, name), systemClock);
  onTestFinished(() => terminal[Symbol.dispose]());
  return terminal;
}

import { close, constants, open } from 'node:fs';
import { ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import type { Clock } from 'redsun/sdk/util';
import { SangaboardSimulator } from './simulator.ts';

/** Runs a simulated board at one end of a pseudo-terminal pair; programs open the other end as a serial port. */
export async function simulateAt(
  terminalPath: string,
  options: { readonly clock: Clock; readonly firmwareVersion?: string },
): Promise<{ readonly simulator: SangaboardSimulator; close(): void }> {
  const file = await promisify(open)(terminalPath, constants.O_RDWR | constants.O_NOCTTY);
  let terminal: ReadStream;
  try {
    terminal = new ReadStream(file);
  } catch (thrown) {
    await promisify(close)(file);
    throw thrown;
  }
  terminal.setRawMode(true);
  // The other end may be closed and opened again at any time; that is no fault of the board.
  terminal.on('error', () => {});
  const simulator = new SangaboardSimulator(
    { write: (bytes) => void terminal.write(bytes), onData: (listener) => terminal.on('data', listener) },
    options,
  );
  return {
    simulator,
    close() {
      simulator.close();
      terminal.destroy();
    },
  };
}

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { nodeBinary } from '../cli/built-cli.ts';
import { openTerminalPair } from '../hardware/terminal-pair.ts';

interface Change {
  /** Unix time, ms. */
  readonly atMs: number;
  readonly on: boolean;
}

/** A laser at the end of a serial line, in a process of its own: the witness of what shines. */
export interface LaserOnALine {
  /** What a driver opens. */
  readonly port: string;
  /** It is deaf from now on, or hears again. */
  turnDeafOrBack(): void;
  /** Each time it went on or off. */
  changes(): Promise<readonly Change[]>;
  /** Resolves when it is on, or off. */
  becomes(on: boolean): Promise<Change>;
}

/** @param folder - where its log lies. */
export async function laserOnALine(folder: string): Promise<LaserOnALine> {
  const pair = await openTerminalPair();
  onTestFinished(() => pair[Symbol.asyncDispose]());
  const log = join(folder, 'laser.jsonl');
  const laser = spawn(nodeBinary, [join(import.meta.dirname, 'laser-simulator.mjs'), pair.paths[0], log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void laser.kill('SIGKILL'));
  await new Promise((resolve) => laser.stdout.once('data', resolve));
  const changes = async (): Promise<readonly Change[]> =>
    (await readFile(log, 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return {
    port: pair.paths[1],
    turnDeafOrBack: () => void laser.kill('SIGUSR2'),
    changes,
    async becomes(on) {
      for (;;) {
        const last = (await changes()).at(-1) ?? { atMs: 0, on: false };
        if (last.on === on) return last;
        // The log is a file of another process: there is nothing to be woken by.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

import { execFile } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { type Host, startHost } from '../../src/main/host/start-host.ts';
import type { MdaSequence } from '../../src/sdk/plans/index.ts';
import { hasCode } from '../../src/sdk/util/index.ts';
import { QUICK_SESSION, temporaryFolder } from '../host/test-host.ts';
import { hostOptionsFor } from './host-options.ts';

// File systems of their own for tests, on Linux and as root.

export const shell = promisify(execFile);
const WHOLE_CHIP = QUICK_SESSION.replace('binning: 4', 'binning: 1');

/** A file system of this size, unmounted however the test ends. */
export async function smallDisk(megabytes: number): Promise<string> {
  const folder = join(await temporaryFolder(), 'disk');
  await mkdir(folder);
  await shell('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  // As often as something is mounted there: a test may have put a mount of its own on top.
  onTestFinished(async () => {
    while ((await readFile('/proc/mounts', 'utf8')).includes(` ${folder} `)) await shell('umount', ['-l', folder]);
  });
  return folder;
}

export async function hostOn(disk: string): Promise<Host> {
  const session = join(await temporaryFolder(), 'session.yaml');
  await writeFile(session, WHOLE_CHIP);
  const host = await startHost(hostOptionsFor(session, disk));
  onTestFinished(() => host.close());
  return host;
}

/** A run that is under way. */
export async function startRun(host: Host, sequence: MdaSequence) {
  const kwargs = { sequence };
  const run = await host.runs.start({ item_type: 'plan', name: 'mda', args: [], kwargs, meta: {} });
  await expect.poll(() => host.services.storage.counts.acknowledged, { timeout: 10_000 }).toBeGreaterThan(2);
  return run;
}

/** Somebody else's data take all the room that is left. */
export async function fill(disk: string, name: string): Promise<void> {
  const file = await open(join(disk, name), 'w');
  try {
    for (const block of [Buffer.alloc(1_000_000), Buffer.alloc(4096)]) {
      for (let full = false; !full; ) {
        full = await file.appendFile(block).then(
          () => false,
          (error: unknown) => {
            if (hasCode(error, 'ENOSPC')) return true;
            throw error;
          },
        );
      }
    }
  } finally {
    await file.close();
  }
}

import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const BLOCK_BYTES = 4096;
const SECTOR_BYTES = 512;

/**
 * A run folder as a power cut may leave it. What was synced is there. Of what was written since, each block of 4096 bytes is new or old
 * (zeros where nothing was), or torn between two sectors of the disk; files end somewhere between their old and their new end. Metadata,
 * which are replaced by renaming, are the old or the new ones.
 * @param synced - a copy of the folder at the last sync. @param written - a copy of it when the power failed.
 */
export async function cutPower(synced: string, written: string, target: string, random: () => number): Promise<void> {
  for (const name of await filesBelow(written)) {
    const [before, after] = [await bytesOf(join(synced, name)), await readFile(join(written, name))];
    const path = join(target, name);
    if (!before && random() < 0.2) continue;
    await mkdir(dirname(path), { recursive: true });
    if (name.endsWith('zarr.json')) await cp(join(before && random() < 0.5 ? synced : written, name), path);
    else await writeFile(path, mixed(before ?? new Uint8Array(0), after, random));
  }
}

function mixed(before: Uint8Array, after: Uint8Array, random: () => number): Uint8Array {
  const size = endBetween(before.byteLength, after.byteLength, random);
  const file = new Uint8Array(size);
  file.set(before.subarray(0, size));
  // Writers rarely lose everything or nothing.
  const share = random();
  for (let at = 0; at < size; at += BLOCK_BYTES) {
    const wanted = after.subarray(at, Math.min(at + BLOCK_BYTES, size));
    const fate = random() < 0.1 ? 'torn' : random() < share ? 'new' : 'old';
    if (fate === 'new') file.set(wanted, at);
    if (fate === 'torn') file.set(wanted.subarray(0, SECTOR_BYTES * (1 + Math.floor(7 * random()))), at);
  }
  return file;
}

function endBetween(before: number, after: number, random: () => number): number {
  const dice = random();
  if (dice < 0.4) return after;
  if (dice < 0.7) return before;
  return Math.round(before + (after - before) * random());
}

async function filesBelow(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const files: string[] = [];
  for (const name of names) if ((await stat(join(folder, name))).isFile()) files.push(name);
  return files;
}

async function bytesOf(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch {
    return null;
  }
}

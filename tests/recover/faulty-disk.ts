import { cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readShard } from '../../src/main/storage/layout/shard-on-disk.ts';
import { openArray } from '../../src/main/storage/run/array-on-disk.ts';

const PAGE_BYTES = 4096;

/** What becomes of one write: nothing of it happens, its beginning reaches the disk, a page of it is lost, or reads as zeros. */
export const FATES = ['fails', 'tears', 'is lost', 'returns zeros'] as const;
export type Fate = (typeof FATES)[number];

/** Which of the files of a run the write goes to. */
export const VICTIMS = ['journal', 'counts', 'documents', 'pixels', 'index', 'metadata'] as const;
export type Victim = (typeof VICTIMS)[number];

const LINES: Partial<Record<Victim, string>> = {
  journal: 'journal.jsonl',
  counts: 'counts.jsonl',
  documents: 'documents.jsonl',
};

export interface FaultOptions {
  /** Copies of the run folder: at the last sync, and at the moment of the fault. */
  readonly synced: string;
  readonly written: string;
  readonly target: string;
  readonly victim: Victim;
  readonly fate: Fate;
  readonly random: () => number;
}

/**
 * A run folder of which all reached the disk but for one write to one file. Lines and indexes may be hit where they were synced before,
 * too, as what they say is said elsewhere; of pixels only those that no sync had confirmed. @returns which file it was.
 */
export async function faultyRun({ synced, written, target, victim, fate, random }: FaultOptions): Promise<string> {
  await cp(written, target, { recursive: true });
  const lines = LINES[victim];
  if (lines !== undefined) {
    const wanted = await bytesOf(join(written, lines));
    const before = await bytesOf(join(synced, lines));
    // Of documents the start is synced, and nothing else tells what run it was.
    const from = victim === 'documents' ? (before?.byteLength ?? 0) : 0;
    await damage(join(target, lines), before, wanted ?? Buffer.alloc(0), { fate, random, from });
    return lines;
  }
  const store = join(target, 'data.ome.zarr');
  const names = (await readdir(store, { recursive: true })).sort();
  if (victim === 'metadata') {
    const name = pick(
      names.filter((one) => one.endsWith('zarr.json')),
      random,
    );
    await leaveTemporary(join(store, name), fate, random);
    return name;
  }
  const shards: string[] = [];
  for (const name of names) if (/\/c\//.test(name) && (await stat(join(store, name))).isFile()) shards.push(name);
  const name = pick(
    shards.filter((one) => !one.startsWith('written') && !one.includes('/written/')),
    random,
  );
  if (victim === 'index') await damageIndex(store, name, fate, random);
  else {
    const before = await bytesOf(join(synced, 'data.ome.zarr', name));
    await damage(join(store, name), before, await readFile(join(store, name)), { fate, random, from: null });
  }
  return name;
}

interface DamageOptions {
  readonly fate: Fate;
  readonly random: () => number;
  /** What lies behind may be hit though it was synced; null: nothing that was. */
  readonly from: number | null;
}

async function damage(path: string, before: Buffer | null, wanted: Buffer, { fate, random, from }: DamageOptions) {
  const pages = Array.from({ length: Math.ceil(wanted.byteLength / PAGE_BYTES) }, (_, at) => at * PAGE_BYTES);
  const old = Buffer.alloc(wanted.byteLength);
  before?.copy(old, 0, 0, Math.min(old.byteLength, before.byteLength));
  const isNew = (at: number) => !old.subarray(at, at + PAGE_BYTES).equals(wanted.subarray(at, at + PAGE_BYTES));
  if (fate === 'fails') return before ? writeFile(path, before) : rm(path, { force: true });
  const file = Buffer.from(wanted);
  if (fate === 'tears') {
    const end = from ?? before?.byteLength ?? 0;
    const cut = Math.floor(end + (wanted.byteLength - end) * random());
    // A file that was written to in place keeps its length.
    if (from === null) return writeFile(path, Buffer.concat([wanted.subarray(0, cut), old.subarray(cut)]));
    return writeFile(path, wanted.subarray(0, cut));
  }
  const hit = pick(
    pages.filter((at) => (fate === 'returns zeros' && from !== null ? at >= from : isNew(at))),
    random,
  );
  if (hit === undefined) return;
  const end = Math.min(hit + PAGE_BYTES, file.byteLength);
  if (fate === 'is lost') old.copy(file, hit, hit, end);
  // Of pixels that were synced nothing else is left: only what was new may be hit.
  else if (from !== null || old.subarray(hit, end).every((byte) => byte === 0)) file.fill(0, hit, end);
  await writeFile(path, file);
}

/** Metadata are written beside and renamed: what fails stays beside. */
async function leaveTemporary(path: string, fate: Fate, random: () => number): Promise<void> {
  if (fate === 'fails') return;
  const bytes = await readFile(path);
  const part =
    fate === 'tears' ? bytes.subarray(0, Math.floor(bytes.byteLength * random())) : Buffer.alloc(bytes.byteLength);
  await writeFile(`${path}.tmp`, fate === 'is lost' ? '' : part);
}

async function damageIndex(store: string, name: string, fate: Fate, random: () => number): Promise<void> {
  const array = await openArray(store, name.slice(0, name.indexOf('/c/')));
  if (!array) return;
  const path = join(store, name);
  const [t, c, z] = array.extent;
  const { sizeBytes, indexBytes } = await readShard(path, t * c * z, array.chunksPerPlane);
  const begin = sizeBytes - indexBytes;
  const bytes = await readFile(path);
  if (fate === 'fails') return truncate(path, begin);
  if (fate === 'tears') bytes.fill(0xff, begin + Math.floor(indexBytes * random()));
  else bytes.fill(fate === 'is lost' ? 0xff : 0, begin);
  await writeFile(path, bytes);
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

async function bytesOf(path: string): Promise<Buffer | null> {
  return readFile(path).catch(() => null);
}

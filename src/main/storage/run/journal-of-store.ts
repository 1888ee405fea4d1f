import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isObject, readNode } from '../../../shared/stores/index.ts';
import type { FileByteSource } from './file-byte-source.ts';
import { type Journal, readJournal } from './journal.ts';
import { RUN_FILES } from './run-folder.ts';

/**
 * The folder of the run that a store is the data of; null for any other. Results are kept beside the data of a run, under names of their
 * own: what the run's files say is not said of them.
 */
export async function runFolderOf(storeDir: string): Promise<string | null> {
  // The name that the folder has on the disk: a link to it, or another case on Windows, is the same store.
  const real = await realpath(storeDir).catch(() => storeDir);
  return basename(real) === RUN_FILES.store ? dirname(real) : null;
}

/**
 * What the journal says of the arrays in a store that the run wrote; null when it is no run's store, or there is no journal. An image that
 * somebody else put in their place, such as a processed one under the name of the raw one, has other pixels, and that is no fault.
 */
export async function journalOfStore(source: FileByteSource, signal?: AbortSignal): Promise<Journal | null> {
  const run = await runFolderOf(source.root);
  const journal = run && (await readJournal(join(run, RUN_FILES.journal)));
  if (!journal) return null;
  const foreign = new Set<string>();
  for (const group of new Set(journal.lines.map(({ array }) => groupOf(array)))) {
    if (await isForeign(source, group, signal)) foreign.add(group);
  }
  return { ...journal, lines: journal.lines.filter(({ array }) => !foreign.has(groupOf(array))) };
}

/** True where a group speaks about its image and does not say that Redsun wrote it. */
export async function isForeign(source: FileByteSource, group: string, signal?: AbortSignal): Promise<boolean> {
  const node = await readNode(source, group, signal).catch(() => {
    signal?.throwIfAborted();
    return null;
  });
  return node?.kind === 'group' && !isObject(node.attributes.redsun) && Object.keys(node.attributes).length > 0;
}

function groupOf(arrayPath: string): string {
  return arrayPath.split('/').slice(0, -1).join('/');
}

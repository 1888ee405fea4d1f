import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { asError, type Clock, hasCode, RedsunError } from '../../../sdk/util/index.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { readText } from '../files/regular-file.ts';

// A store can go on in another folder: its files lie there, and links in the store lead to them. Both sides name each other, so that no link
// can lead a reader anywhere else.

/** In the run folder: which folders its store goes on in. */
export const LINKS_FILE = 'links.json';
/** In such a folder: which run it belongs to. */
export const MARK_FILE = 'linked-from.json';

const folderSchema = z.object({ path: z.string().min(1), token: z.string().min(1) });
const linksSchema = z.object({ schema_version: z.literal(1), folders: z.array(folderSchema) });
const markSchema = z.object({ schema_version: z.literal(1), run: z.string(), token: z.string().min(1) });

/** A folder that a store goes on in. Files lie below it as they would in the store. */
export type LinkedFolder = z.infer<typeof folderSchema>;

/**
 * Makes a folder below `chosen` for what is to come of a run, and says so in both places.
 * @throws RedsunError `target/no-links` where the store's disk refuses links; what keeps the folder from being made.
 */
export async function linkFolder(chosen: string, runFolder: string, clock: Clock): Promise<LinkedFolder> {
  const token = randomUUID();
  const path = join(resolve(chosen), `${basename(runFolder)}-part-${token.slice(0, 8)}`);
  await mkdir(chosen, { recursive: true });
  await mkdir(path);
  try {
    await tryLink(path, runFolder);
    const mark: z.infer<typeof markSchema> = { schema_version: 1, run: runFolder, token };
    await writeFile(join(path, MARK_FILE), `${JSON.stringify(mark, null, 2)}\n`);
    const links: z.infer<typeof linksSchema> = {
      schema_version: 1,
      folders: [...(await linkedFolders(runFolder)), { path, token }],
    };
    await writeFileAtomic(join(runFolder, LINKS_FILE), `${JSON.stringify(links, null, 2)}\n`, clock);
    return { path, token };
  } catch (error) {
    await rm(path, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** What the run folder says. @throws RedsunError `store/bad-links` when it makes no sense. */
export async function linkedFolders(runFolder: string): Promise<LinkedFolder[]> {
  const path = join(runFolder, LINKS_FILE);
  try {
    return linksSchema.parse(JSON.parse(await readText(path))).folders;
  } catch (cause) {
    if (hasCode(cause, 'ENOENT') || hasCode(cause, 'ENOTDIR')) return [];
    throw new RedsunError('store/bad-links', `${path}: ${asError(cause).message}`, { cause });
  }
}

/** The real path of a linked folder that names the run in turn; null: it is not there, or does not. */
export async function confirmedPath({ path, token }: LinkedFolder): Promise<string | null> {
  try {
    const mark = markSchema.safeParse(JSON.parse(await readText(join(path, MARK_FILE))));
    return mark.success && mark.data.token === token ? await realpath(path) : null;
  } catch {
    return null;
  }
}

/** What systems say where links cannot be made. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'] as const;

async function tryLink(target: string, runFolder: string): Promise<void> {
  const link = join(runFolder, `.redsun-link-${randomUUID().slice(0, 8)}`);
  try {
    await symlink(target, link, 'file');
  } catch (cause) {
    if (!NO_LINKS.some((code) => hasCode(cause, code))) throw cause;
    throw new RedsunError(
      'target/no-links',
      `${runFolder}: no other folder can be chosen, as its disk refuses links: make room there instead`,
      { cause },
    );
  } finally {
    await rm(link, { force: true }).catch(() => {});
  }
}

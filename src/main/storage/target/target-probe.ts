import { mkdtemp, open, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, hasCode } from '../../../sdk/util/index.ts';
import { syncFile } from '../files/sync-file.ts';

export const TARGET_LIMITS = [
  'target/no-sync',
  'target/no-lock',
  'target/not-sparse',
  'target/no-rename-over-open',
  'target/case-insensitive',
  'target/short-names',
  'target/no-links',
] as const;

/** Something that a folder cannot do. A run works all the same. */
export interface TargetLimit {
  readonly code: (typeof TARGET_LIMITS)[number];
  /** What that means for the operator. */
  readonly message: string;
  /** `advice`: to be said before a run; `note`: nothing to decide, for who asks. */
  readonly weight: 'advice' | 'note';
}

/** The calls that probes make; those of `node:fs/promises`. */
export interface ProbeFiles {
  readonly mkdtemp: (prefix: string) => Promise<string>;
  readonly open: (path: string, flags: string) => Promise<ProbeFile>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly rm: (path: string, options: { recursive: boolean; force: boolean }) => Promise<void>;
  readonly stat: (path: string) => Promise<unknown>;
  readonly symlink: (target: string, path: string) => Promise<void>;
}

export interface ProbeFile {
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<unknown>;
  datasync(): Promise<void>;
  /** `blocks` are of 512 bytes. */
  stat(): Promise<{ readonly blocks: number }>;
  close(): Promise<void>;
}

export const nodeFiles: ProbeFiles = { mkdtemp, open, rename, rm, stat, symlink };

const HOLE_BYTES = 4 * 1024 * 1024;
const BLOCK_BYTES = 512;
const LONG_NAME = 'n'.repeat(255);

type Probe = (dir: string, files: ProbeFiles) => Promise<boolean>;

/** What each limit is found out by: true when the folder can do it. */
const PROBES: Readonly<Record<TargetLimit['code'], Probe>> = {
  'target/no-sync': (dir, files) =>
    withFile(files, join(dir, 'sync'), 'wx', async (file) => {
      await file.write(new Uint8Array(1), 0, 1, 0);
      return syncFile(file);
    }),
  'target/no-lock': (dir, files) =>
    withFile(files, join(dir, 'lock'), 'wx', () =>
      withFile(files, join(dir, 'lock'), 'wx', async () => false).catch((error: unknown) => hasCode(error, 'EEXIST')),
    ),
  'target/not-sparse': (dir, files) =>
    withFile(files, join(dir, 'hole'), 'wx', async (file) => {
      await file.write(new Uint8Array(1), 0, 1, HOLE_BYTES - 1);
      // Many file systems give room only when they must.
      await syncFile(file);
      const { blocks } = await file.stat();
      return blocks * BLOCK_BYTES < HOLE_BYTES / 2;
    }),
  'target/no-rename-over-open': async (dir, files) => {
    const [path, next] = [join(dir, 'open'), join(dir, 'next')];
    await withFile(files, path, 'wx', async () => true);
    await withFile(files, next, 'wx', async () => true);
    return withFile(files, path, 'r', async () => {
      await files.rename(next, path);
      return true;
    });
  },
  'target/case-insensitive': async (dir, files) => {
    await withFile(files, join(dir, 'case'), 'wx', async () => true);
    return files.stat(join(dir, 'CASE')).then(
      () => false,
      (error: unknown) => hasCode(error, 'ENOENT'),
    );
  },
  'target/short-names': (dir, files) => withFile(files, join(dir, LONG_NAME), 'wx', async () => true),
  'target/no-links': async (dir, files) => {
    await files.symlink(dir, join(dir, 'link'));
    return true;
  },
};

const MEANINGS: Readonly<Record<TargetLimit['code'], Pick<TargetLimit, 'message' | 'weight'>>> = {
  'target/no-sync': {
    weight: 'advice',
    message: 'the folder cannot sync: after a power cut the newest frames may be missing, and none counts as durable',
  },
  'target/no-lock': {
    weight: 'advice',
    message: 'the folder cannot lock: make sure that no other program runs this session',
  },
  'target/not-sparse': {
    weight: 'advice',
    message:
      'the folder keeps no holes in files: each file takes its full size, up to 256 MB, when its first frame is written, which costs time and room',
  },
  'target/no-rename-over-open': {
    weight: 'advice',
    message:
      'a file that another program has open cannot be replaced there: do not open the run elsewhere while it is acquired',
  },
  'target/case-insensitive': { weight: 'note', message: 'file names there do not tell capitals from small letters' },
  'target/short-names': { weight: 'note', message: 'file names of 255 characters are too long there' },
  'target/no-links': {
    weight: 'note',
    message: 'links cannot be made there: when the disk is full, room must be made, and no other folder can be chosen',
  },
};

/** Full, or gone: that says nothing about what the folder can do, and others look for it. */
const NO_ANSWER: readonly string[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ENODEV', 'ESTALE'];

/** Tries out what `folder`, which exists, cannot do. Leaves nothing behind. @throws what keeps a folder from being made in it. */
export async function probeTarget(folder: string, files: ProbeFiles = nodeFiles): Promise<TargetLimit[]> {
  const dir = await files.mkdtemp(join(folder, '.redsun-probe-'));
  const limits: TargetLimit[] = [];
  try {
    for (const code of TARGET_LIMITS) {
      if (await PROBES[code](dir, files).catch(saysNothing)) continue;
      const { message, weight } = MEANINGS[code];
      limits.push({ code, weight, message: `${folder}: ${message}` });
    }
  } finally {
    await files.rm(dir, { recursive: true, force: true }).catch(() => {});
  }
  return limits;
}

/** True: taken as if the folder could do it. */
function saysNothing(error: unknown): boolean {
  return NO_ANSWER.includes(codeOf(error));
}

async function withFile<Result>(
  files: ProbeFiles,
  path: string,
  flags: string,
  work: (file: ProbeFile) => Promise<Result>,
): Promise<Result> {
  const file = await files.open(path, flags);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { testFolder } from '../../../../tests/stores/ramp-store.ts';
import { nodeFiles, type ProbeFile, type ProbeFiles, probeTarget } from './target-probe.ts';

// The last one needs Linux and root, to mount a file system of its own.

const shell = promisify(execFile);

async function emptyFolder(): Promise<string> {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

function failure(code: string): Promise<never> {
  return Promise.reject(Object.assign(new Error(code), { code }));
}

/** Files whose calls answer otherwise than the disk does. */
function filesWith(change: (file: ProbeFile) => Partial<ProbeFile>): Partial<ProbeFiles> {
  return {
    async open(path, flags) {
      const file = await nodeFiles.open(path, flags);
      const real: ProbeFile = {
        write: (bytes, offset, length, position) => file.write(bytes, offset, length, position),
        datasync: () => file.datasync(),
        stat: () => file.stat(),
        close: () => file.close(),
      };
      return { ...real, ...change(real) };
    },
  };
}

test('a folder on a disk of this computer can do everything, and nothing is left in it', async () => {
  const folder = await emptyFolder();
  const codes = (await probeTarget(folder)).map(({ code }) => code);
  // Disks of macOS and Windows do not tell capitals from small letters.
  expect(codes.filter((code) => code !== 'target/case-insensitive')).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test.each<[string, 'advice' | 'note', Partial<ProbeFiles>]>([
  ['target/no-sync', 'advice', filesWith(() => ({ datasync: () => failure('EINVAL') }))],
  [
    'target/no-lock',
    'advice',
    { open: (path, flags) => nodeFiles.open(path, flags === 'wx' && path.endsWith('lock') ? 'w' : flags) },
  ],
  ['target/not-sparse', 'advice', filesWith(() => ({ stat: async () => ({ blocks: 8192 }) }))],
  ['target/no-rename-over-open', 'advice', { rename: () => failure('EPERM') }],
  ['target/case-insensitive', 'note', { stat: async () => ({}) }],
  [
    'target/short-names',
    'note',
    { open: (path, flags) => (path.length > 300 ? failure('ENAMETOOLONG') : nodeFiles.open(path, flags)) },
  ],
  ['target/no-links', 'note', { symlink: () => failure('EPERM') }],
])('%s is found out and said', async (code, weight, files) => {
  const folder = await emptyFolder();
  const [limit, ...others] = await probeTarget(folder, { ...nodeFiles, ...files });
  expect(limit).toMatchObject({ code, weight, message: expect.stringContaining(folder) });
  expect(others).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test.each(['ENOSPC', 'EIO', 'EROFS'])(
  'a disk that says %s tells nothing about what the folder can do',
  async (code) => {
    const files = { ...nodeFiles, ...filesWith(() => ({ write: () => failure(code) })), symlink: () => failure(code) };
    expect(await probeTarget(await emptyFolder(), files)).toEqual([]);
  },
);

test('file systems as they are: one that lives in memory, and one that cannot be written to', async () => {
  const disk = join(await emptyFolder(), 'disk');
  await mkdir(disk);
  await shell('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
  onTestFinished(async () => {
    await shell('umount', ['-l', disk]);
  });
  expect(await probeTarget(disk)).toEqual([]);
  await shell('mount', ['-o', 'remount,ro', disk]);
  await expect(probeTarget(disk)).rejects.toMatchObject({ code: 'EROFS' });
});

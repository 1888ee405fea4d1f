import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { testFolder } from '../../../../tests/stores/ramp-store.ts';
import { longPath } from './path-length.ts';

const FILE = 'data.ome.zarr/0/c/0/0/0/0/0.link';

/** A path of so many characters whose names are short. */
function folderOf(length: number, root = '/runs'): string {
  const path = `${root}/${'n'.repeat(49)}`.padEnd(length, `/${'n'.repeat(49)}`);
  return path.endsWith('/') ? `${path.slice(0, -1)}n` : path;
}

/** That of a folder in which FILE has a path of so many characters. */
const within = (length: number, root?: string) => folderOf(length - FILE.length - 1, root);

describe('the longest path of a run', () => {
  test.each<[NodeJS.Platform, number]>([
    ['win32', 259],
    ['linux', 4095],
    ['darwin', 1023],
  ])('may have, on %s, %d characters', (platform, most) => {
    expect(longPath(within(most), ['a', FILE], platform)).toBeNull();
    const found = longPath(within(most + 1), ['a', FILE], platform);
    expect(found?.message).toContain(`has ${most + 1} `);
    expect(found?.message).toContain(FILE);
  });

  test('is a warning on Windows, where it can be written, and keeps a run from starting elsewhere', () => {
    const folder = within(5000, 'C:/runs');
    expect(longPath(folder, [FILE], 'win32')).toMatchObject({
      severity: 'advice',
      message: expect.stringMatching(/5000 characters\. The limit on Windows is 260 unless long paths are enabled/),
    });
    expect(longPath(folder, [FILE], 'linux')).toMatchObject({
      severity: 'error',
      message: expect.stringContaining('5000 bytes, and 4095 is the most'),
    });
  });

  test('is counted in bytes on Linux and in characters on Windows', () => {
    const umlauts = `/runs/${'ü'.repeat(100)}/${'ü'.repeat(100)}`;
    expect(longPath(umlauts, [FILE], 'win32')).toBeNull();
    expect(longPath(`/runs/${'ü'.repeat(128)}`, [], 'linux')?.message).toContain('256 bytes, and 255 is the most');
    expect(longPath(`/runs/${'ü'.repeat(128)}`, [], 'win32')).toBeNull();
  });

  test.each<NodeJS.Platform>(['win32', 'linux', 'darwin'])('has no name, on %s, of more than 255', (platform) => {
    // A path that is long because of it is another matter.
    expect(longPath('/runs', ['n'.repeat(255)], platform)?.severity).not.toBe('error');
    expect(longPath('/runs', [`a/${'n'.repeat(256)}/b`], platform)).toMatchObject({ severity: 'error' });
  });
});

test.skipIf(process.platform !== 'linux')('Linux takes what is said to fit, and not a byte more', async () => {
  const folder = await testFolder();
  onTestFinished(() => folder.remove());
  for (const [length, fits] of [
    [4095, true],
    [4096, false],
  ] as const) {
    const run = within(length, folder.path);
    await mkdir(run, { recursive: true });
    expect(longPath(run, [FILE], 'linux') === null).toBe(fits);
    // One name of the same length: the path counts, not its parts.
    const written = writeFile(join(run, 'n'.repeat(FILE.length)), '');
    if (fits) await written;
    else await expect(written).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  }
});

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startHost } from '../../src/main/host/start-host.ts';
import { KnownDisks } from '../../src/main/storage/target/known-disks.ts';
import { type MountParent, missingDisk, mountParents } from '../../src/main/storage/target/missing-disk.ts';
import { bench, item } from '../cli/run-cli.ts';
import { item as planItem, QUICK_SESSION, temporaryFolder } from '../host/test-host.ts';
import { systemClock } from '../stores/ramp-store.ts';
import { hostOptionsFor } from './host-options.ts';
import { shell, smallDisk } from './small-disk.ts';

// Those with a disk need Linux and root, to mount small file systems of their own.

async function parentOf(depth: MountParent['depth']) {
  const path = await temporaryFolder();
  return { path, missing: (dir: string) => missingDisk(join(path, dir), [{ path, depth, mayBeDisk: false }]) };
}

test('a path below where disks are mounted is refused when nothing is mounted there', async () => {
  const { path, missing } = await parentOf(1);
  expect(await missing('nas/data')).toBe(join(path, 'nas'));
  expect(await missing('nas')).toBe(join(path, 'nas'));
  // What is left of a mount point when its disk is away.
  await mkdir(join(path, 'nas'));
  expect(await missing('nas/data')).toBe(join(path, 'nas'));
  expect(await missing('nas')).toBe(join(path, 'nas'));
});

test('a folder that somebody made there, with something in it, is taken for what it is', async () => {
  const { path, missing } = await parentOf(1);
  await mkdir(join(path, 'data', 'runs'), { recursive: true });
  expect(await missing('data/runs')).toBeNull();
  expect(await missing('data/runs/of/march')).toBeNull();
  await mkdir(join(path, 'own'));
  await writeFile(join(path, 'own', 'readme'), '');
  expect(await missing('own')).toBeNull();
  expect(await missing('own/runs')).toBeNull();
});

test('below a folder per user the disk is one deeper, and other disks of the user are none', async () => {
  const { path, missing } = await parentOf(2);
  await mkdir(join(path, 'ada', 'OTHER'), { recursive: true });
  expect(await missing('ada/DISK/runs')).toBe(join(path, 'ada'));
  expect(await missing('ada/DISK')).toBe(join(path, 'ada'));
  await mkdir(join(path, 'ada', 'DISK'));
  expect(await missing('ada/DISK/runs')).toBe(join(path, 'ada'));
});

test('on a disk that is mounted nothing is missing', async () => {
  const { path, missing } = await parentOf(2);
  await mkdir(join(path, 'ada', 'DISK'), { recursive: true });
  await shell('mount', ['-t', 'tmpfs', 'tmpfs', join(path, 'ada', 'DISK')]);
  try {
    expect(await missing('ada/DISK')).toBeNull();
    expect(await missing('ada/DISK/runs/of/march')).toBeNull();
  } finally {
    await shell('umount', [join(path, 'ada', 'DISK')]);
  }
});

test('where disks are mounted is known of each system, and other paths are nobody’s business', async () => {
  expect(mountParents('linux').map(({ path }) => path)).toEqual(['/mnt', '/media', '/run/media']);
  expect(mountParents('darwin').map(({ path }) => path)).toEqual(['/Volumes']);
  expect(await missingDisk(join(await temporaryFolder(), 'not', 'there'))).toBeNull();
});

test.skipIf(process.platform !== 'linux')(
  'a run onto a disk that is not mounted is refused, and nothing is made',
  async () => {
    const { file, session, redsun } = await bench();
    const out = '/run/media/nobody/REDSUN-IS-NOT-HERE/runs';
    const items = await file('items.json', [item('count', [['camera']])]);
    const { code, stderr } = await redsun('run', items, '--session', session, '--out', out);
    expect(code).toBe(2);
    expect(stderr).toContain(`${out}: no disk is mounted at /run/media/nobody. Mount it.`);
    await expect(readdir('/run/media/nobody')).rejects.toMatchObject({ code: 'ENOENT' });
    const doctor = await redsun('doctor', '--session', session, '--out', out, '--json');
    expect(doctor.code).toBe(1);
    const findings = JSON.parse(doctor.stdout) as { check: string; ok: boolean; detail: string }[];
    expect(findings.find(({ check }) => check === 'disk')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('no disk is mounted'),
    });
  },
);

test('doctor looks at the very folder that the runs of the session go to', async () => {
  const { folder, file, redsun } = await bench();
  const base = join(folder, 'my runs');
  const session = await file(
    'other.yaml',
    QUICK_SESSION.replace('session: test', `session: test\nstorage: {base_path: '${base}'}`),
  );
  for (const args of [[session], ['--session', session]]) {
    const { stdout } = await redsun('doctor', ...args, '--json');
    const findings = JSON.parse(stdout) as { check: string; detail: string }[];
    expect(findings.find(({ check }) => check === 'disk')?.detail).toContain(`free in ${base}`);
  }
});

test('a folder of runs whose disk was there the last time and is not now is refused, wherever it is mounted', async () => {
  const disk = await smallDisk(80);
  const base = join(disk, 'runs');
  const stateFolder = await temporaryFolder();
  const session = join(await temporaryFolder(), 'session.yaml');
  await writeFile(session, QUICK_SESSION);
  const options = { ...hostOptionsFor(session, base), stateFolder };
  await (await startHost(options)).close();
  const disks = new KnownDisks(stateFolder, systemClock, () => {});
  expect(await disks.check(base)).toBeNull();

  await shell('umount', [disk]);
  expect(await disks.check(base)).toMatchObject({ code: 'target/no-disk', message: expect.stringContaining(disk) });
  const host = await startHost(options);
  await expect(host.runs.start(planItem('count', {}, [['camera']]))).rejects.toMatchObject({
    code: 'target/no-disk',
    message: expect.stringContaining(`the disk that was at ${disk} when it was used last is not there`),
  });
  await host.close();
  // Nothing of the session was written in its stead, either.
  expect(await readdir(disk)).toEqual([]);

  await shell('mount', ['-t', 'tmpfs', 'tmpfs', disk]);
  expect(await disks.check(base)).toBeNull();
  // Another folder, or none that was ever on a disk of its own, is nobody's business.
  expect(await disks.check(await temporaryFolder())).toBeNull();
});

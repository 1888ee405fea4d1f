import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import { isBelow, namesDevice, Roots } from '../../src/main/storage/target/roots.ts';
import { reviewChannel } from '../../src/shared/channels/review.ts';
import { createBridge } from '../../src/shared/ipc/client.ts';
import { transportPair } from '../ipc/transport-pair.ts';
import { json } from '../stores/memory-store.ts';
import { systemClock } from '../stores/ramp-store.ts';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

/** `runs` may be looked into, and what `shared` and `named` hold; `secret` may not. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redsun-roots-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['runs', 'shared', 'secret', 'runs-of-others']) {
    await mkdir(at(name, 'image.zarr'), { recursive: true });
    await writeFile(at(name, 'image.zarr', 'zarr.json'), json({ zarr_format: 3, node_type: 'group' }));
  }
});

describe('folders that may be opened', () => {
  test('are opened with all that is below them, also by a link and when they are links themselves', async () => {
    await symlink(at('runs'), at('newest'));
    await symlink(at('shared', 'image.zarr'), at('runs', 'linked.zarr'));
    const roots = new Roots([at('newest'), at('shared')]);
    for (const path of ['newest', 'newest/image.zarr', 'runs/image.zarr', 'shared', 'runs/linked.zarr']) {
      expect((await roots.open(at(path))).path, path).toBe(at(path));
    }
    await expect(roots.open(at('runs', 'nothing.zarr'))).rejects.toMatchObject({ code: 'store/not-found' });
  });

  test.each([
    ['beside them', () => at('secret', 'image.zarr')],
    ['above them', () => folder],
    ['of a name that begins like theirs', () => at('runs-of-others', 'image.zarr')],
    ['by steps up', () => `${at('runs')}/image.zarr/../../secret/image.zarr`],
    ['by way of the program itself', () => `/proc/self/root${at('secret', 'image.zarr')}`],
    ['by way of the folder that the program is in', () => '/proc/self/cwd'],
    ['of another computer', () => '//server/share/image.zarr'],
    ['of the system', () => '/etc'],
    ['that is not there', () => at('secret', 'nothing.zarr')],
  ])('what lies %s is refused, in the same words whether it is there or not', async (_, path) => {
    const refused = new Roots([at('runs')]).open(path());
    await expect(refused).rejects.toMatchObject({ code: 'review/outside', message: expect.stringContaining(path()) });
  });

  test('a link that leads out of them is refused, as is a file', async () => {
    await symlink(at('secret', 'image.zarr'), at('runs', 'out.zarr'));
    await symlink(at('secret'), at('runs', 'out'));
    const roots = new Roots([at('runs')]);
    for (const path of ['out.zarr', 'out/image.zarr', 'out/nothing.zarr']) {
      await expect(roots.open(at('runs', path)), path).rejects.toMatchObject({ code: 'review/outside' });
    }
    await expect(roots.open(at('runs', 'image.zarr', 'zarr.json'))).rejects.toMatchObject({
      code: 'store/not-a-store',
    });
  });

  test('Windows does not tell capitals from small letters, and takes some names for devices', () => {
    expect(isBelow('/Data/Runs', '/data/RUNS/a', 'win32')).toBe(true);
    expect(isBelow('/Data/Runs', '/data/RUNS/a', 'linux')).toBe(false);
    for (const name of ['COM1', '0/c/con', 'nul.json', 'lpt9:stream'])
      expect(namesDevice(name, 'win32'), name).toBe(true);
    for (const name of ['COM10', 'console', 'c/0/0', 'zarr.json']) expect(namesDevice(name, 'win32'), name).toBe(false);
    expect(namesDevice('COM1', 'linux')).toBe(false);
  });
});

test.each(['../secret', '../../etc/passwd', '..', '/etc/passwd', '0/../../x', './../secret'])(
  'the key %s of a store is refused whether there is anything or not',
  async (key) => {
    await writeFile(at('runs', 'secret'), 'secret');
    await symlink('/somewhere/else', at('runs', 'x'));
    const source = new FileByteSource(at('runs', 'image.zarr'));
    await expect(source.read(key)).rejects.toMatchObject({ code: 'store/path-escape' });
    await expect(source.list(key)).rejects.toMatchObject({ code: 'store/path-escape' });
  },
);

async function reviewOf(host: Host) {
  const connect = async () => {
    const { near, far } = transportPair();
    // A real connection holds the host's first word back until somebody listens.
    setImmediate(() => host.server.serve(far, { name: 'a window' }));
    return near;
  };
  const bridge = createBridge(connect, systemClock);
  onTestFinished(() => bridge[Symbol.dispose]());
  await expect.poll(() => bridge.state.kind).toBe('open');
  return bridge.channel(reviewChannel);
}

const refused = { code: 'review/outside' };

test('a browser opens runs, what the session names and what the server was told, and nothing else', async () => {
  const session = `${QUICK_SESSION}\nreview: {folders: ['${at('shared')}', relative]}\n`;
  const host = await testHost(session, { baseFolder: at('runs'), openFolders: [at('runs-of-others')] });
  const review = await reviewOf(host);
  for (const name of ['runs', 'shared', 'runs-of-others']) {
    const { storeId } = await review.call('openPath', { path: at(name, 'image.zarr') });
    expect((await review.call('read', { storeId, key: 'zarr.json' })).bytes).not.toBeNull();
    await expect(review.call('read', { storeId, key: '../../secret/image.zarr/zarr.json' })).rejects.toMatchObject({
      code: 'store/path-escape',
    });
  }
  await expect(review.call('openPath', { path: at('secret', 'image.zarr') })).rejects.toMatchObject(refused);
  await expect(review.call('openPath', { path: '/' })).rejects.toMatchObject(refused);
  // Folders of a session are relative to its file, wherever the program was started.
  const relative = join(host.services.session.path, '..', 'relative', 'image.zarr');
  await expect(review.call('openPath', { path: relative })).rejects.toMatchObject({ code: 'store/not-found' });
});

test('the window on the computer itself opens anything', async () => {
  const review = await reviewOf(await testHost(QUICK_SESSION, { baseFolder: at('runs'), openFolders: 'anywhere' }));
  const { storeId } = await review.call('openPath', { path: at('secret', 'image.zarr') });
  expect((await review.call('read', { storeId, key: 'zarr.json' })).bytes).not.toBeNull();
});

test('data of a run that are a link to somewhere else, and a journal that is one, are not read', async () => {
  const host = await testHost(QUICK_SESSION, { baseFolder: at('runs') });
  const { runId, folder: run } = await host.runs.runToEnd(item('count', {}, [['camera']]));
  const review = await reviewOf(host);
  const { storeId } = await review.call('openRun', { id: runId });
  expect(await review.call('journal', { storeId })).toHaveLength(1);
  await rename(join(run, 'journal.jsonl'), at('secret', 'journal.jsonl'));
  await symlink(at('secret', 'journal.jsonl'), join(run, 'journal.jsonl'));
  expect(await review.call('journal', { storeId })).toEqual([]);
  await cp(join(run, 'data.ome.zarr'), at('secret', 'data.ome.zarr'), { recursive: true });
  await rm(join(run, 'data.ome.zarr'), { recursive: true });
  await symlink(at('secret', 'data.ome.zarr'), join(run, 'data.ome.zarr'));
  await expect(review.call('openRun', { id: runId })).rejects.toMatchObject(refused);
});

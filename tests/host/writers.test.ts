// What a session's `storage.writer` makes of a whole run.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import type { NewestFramesWriter } from '../../src/main/storage/writer/newest-frames-writer.ts';
import type { NamedDocument } from '../../src/sdk/events/index.ts';
import { item, QUICK_SESSION, root, temporaryFolder, testHost } from './test-host.ts';

const RAMPS = item('mda', {
  sequence: { channels: [{ config: 'FITC' }, { config: 'Cy5' }], time_plan: { interval: 0, loops: 10 } },
});
const withStorage = (storage: string) => `${QUICK_SESSION}\nstorage: ${storage}\n`;

function recorded(host: Host): NamedDocument[] {
  const documents: NamedDocument[] = [];
  host.services.engine.subscribe((name, doc) => void documents.push({ name, doc } as NamedDocument));
  return documents;
}

async function listed(host: Host, search = {}): Promise<unknown[]> {
  const request = { offset: 0, limit: 10, refresh: false, ...search };
  const page = await callChannel(host.server, 'review', 'search', request, new AbortController().signal);
  return (page as { runs: unknown[] }).runs;
}

/** What does not change from run to run: its shape, without uids and times. */
const outline = (documents: readonly NamedDocument[]) =>
  documents.map(({ name, doc }) => [name, Object.keys(doc).sort()]);

test('a run of a session that writes to memory has the documents of any run, and leaves nothing on the disk', async () => {
  const base = join(await temporaryFolder(), 'runs');
  const dry = await testHost(withStorage('{writer: memory, memory_mb: 1}'), { baseFolder: base });
  const documents = recorded(dry);
  const outcome = await dry.runs.runToEnd(RAMPS);
  expect(outcome).toMatchObject({ name: 'mda_0001', exitStatus: 'success', frames: 20, folder: '' });
  await dry.close();
  await expect(readdir(base)).rejects.toMatchObject({ code: 'ENOENT' });

  const kept = await testHost();
  const others = recorded(kept);
  await kept.runs.runToEnd(RAMPS);
  const events = (of: readonly NamedDocument[]) => of.filter(({ name }) => name === 'event');
  expect(outline(events(documents))).toEqual(outline(events(others)));
  expect(new Set(documents.map(({ name }) => name))).toEqual(new Set(others.map(({ name }) => name)));
  const frames = (of: readonly NamedDocument[]) =>
    of.reduce((sum, { name, doc }) => {
      if (name !== 'stream_datum') return sum;
      const { start, stop } = (doc as { indices: { start: number; stop: number } }).indices;
      return sum + stop - start;
    }, 0);
  expect([frames(documents), frames(others)]).toEqual([20, 20]);
  // Ramps: pixel 0 of frame i is (31 i) mod 65521.
  const newest = (dry.services.storage.writer as NewestFramesWriter).frames;
  expect(newest.map(({ number, pixels }) => [number, pixels[0]])).toEqual(
    Array.from({ length: 20 }, (_, frame) => [frame, 31 * frame]),
  );
});

test('Review lists dry runs as not kept, finds them by their words, and says why they cannot be opened', async () => {
  const host = await testHost(withStorage('{writer: memory}'));
  await host.runs.runToEnd({ ...item('count', { num: 1 }, [['camera']]), meta: { sample: 'kidney' } });
  await host.runs.runToEnd(item('count', { num: 2 }, [['camera']]));
  const [second, first] = (await listed(host)) as { id: string }[];
  expect(second).toMatchObject({ name: 'count_0002', frames: 2, kept: false, running: false, exitStatus: 'success' });
  expect(first).toMatchObject({ name: 'count_0001', sample: 'kidney', bytes: null });
  expect(await listed(host, { text: 'kidney' })).toEqual([first]);
  expect(await listed(host, { offset: 1 })).toEqual([first]);
  const open = callChannel(host.server, 'review', 'openRun', { id: first?.id }, new AbortController().signal);
  await expect(open).rejects.toMatchObject({ message: 'count_0001 was a dry run: nothing of it was kept' });
});

test('a dry run needs no disk that it could write to, however large it is', async () => {
  const host = await testHost(QUICK_SESSION, { isDryRun: true, baseFolder: '/proc/nowhere' });
  const outcome = await host.runs.runToEnd(item('count', { num: 3 }, [['camera']]));
  expect(outcome).toMatchObject({ exitStatus: 'success', frames: 3 });
  expect(host.services.log.records.filter(({ level }) => level === 'error')).toEqual([]);
});

const EXAMPLES = [join(root, 'plugins'), join(root, 'docs', 'examples')];

test("the pixels of a run that a bundle's writer took are in its file, and the run is listed", async () => {
  const host = await testHost(withStorage('{writer: {plugin_name: raw-writer, plugin_id: raw, suffix: bin}}'), {
    bundleFolders: EXAMPLES,
  });
  for (const name of ['mda_0001', 'mda_0002']) {
    const outcome = await host.runs.runToEnd(RAMPS);
    expect(outcome).toMatchObject({ name, exitStatus: 'success', frames: 20 });
    const bytes = await readFile(join(outcome.folder, 'data', 'camera.bin'));
    const pixels = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    const size = pixels.length / 20;
    expect(Array.from({ length: 20 }, (_, frame) => pixels[frame * size])).toEqual(
      Array.from({ length: 20 }, (_, frame) => 31 * frame),
    );
    const [about] = JSON.parse(await readFile(join(outcome.folder, 'data', 'frames.json'), 'utf8'));
    expect(about).toMatchObject({ name: 'camera', file: 'camera.bin', shape: [128, 128] });
  }
  const [, first] = (await listed(host)) as { id: string }[];
  expect(first).toMatchObject({ name: 'mda_0001', frames: 20, kept: true });
  const open = callChannel(host.server, 'review', 'openRun', { id: first?.id }, new AbortController().signal);
  await expect(open).rejects.toMatchObject({ code: 'review/other-format' });
});

test('a writer that cannot be made keeps runs from starting, and nothing else', async () => {
  const bundleFolders = [...EXAMPLES, join(import.meta.dirname, 'bundles')];
  const host = await testHost(withStorage('{writer: {plugin_name: broken-writer, plugin_id: broken}}'), {
    bundleFolders,
  });
  const message = 'The writer broken-writer:broken failed: no licence';
  await expect(host.runs.start(RAMPS)).rejects.toMatchObject({ code: 'target/unusable', message });
  expect(host.services.roster.devices.has('camera')).toBe(true);
});

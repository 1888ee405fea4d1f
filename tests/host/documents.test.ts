import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Event, NamedDocument } from '../../src/sdk/events/index.ts';
import { SchemaCheck } from '../fixtures/event-model/schema-check.ts';
import { item, testHost } from './test-host.ts';

const PLANS = [
  item('count', { num: 3 }, [['camera']]),
  item('scan', { num: 4 }, [['camera'], 'z', -3, 3]),
  item('grid_scan', { snake_axes: true }, [['camera'], 'xy.x', -10, 10, 3, 'xy-y', 0, 5, 2]),
  item('mda', {
    sequence: {
      axis_order: 'tpcz',
      channels: [{ config: 'FITC' }, { config: 'Cy5' }],
      z_plan: { range: 4, step: 2 },
      time_plan: { interval: 0, loops: 2 },
    },
  }),
];

test.each(PLANS)('documents of $name are valid against the JSON schemas of event-model', async (plan) => {
  const host = await testHost();
  const documents: NamedDocument[] = [];
  host.services.engine.subscribe((name, doc) =>
    documents.push({ name, doc: JSON.parse(JSON.stringify(doc)) } as NamedDocument),
  );
  const outcome = await host.runs.runToEnd(plan);
  expect(outcome).toMatchObject({ exitStatus: 'success', error: null });

  const schemas = new SchemaCheck();
  expect(documents.flatMap((document) => schemas.faultsOf(document))).toEqual([]);

  const names = documents.map(({ name }) => name);
  expect(names[0]).toBe('start');
  expect(names.at(-1)).toBe('stop');
  const events = documents.filter(({ name }) => name === 'event').length;
  const datums = documents.flatMap((document) => (document.name === 'stream_datum' ? [document.doc] : []));
  expect(datums.map(({ indices }) => [indices.start, indices.stop])).toEqual(
    Array.from({ length: events }, (_, i) => [i, i + 1]),
  );
  expect(datums.map(({ seq_nums }) => seq_nums.start)).toEqual(Array.from({ length: events }, (_, i) => i + 1));
  const saved = (await readFile(join(outcome.folder, 'documents.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(saved).toEqual(documents);
});

test('stream_datum documents arrive, and their frames can be read from the store, before the run ends', async () => {
  const host = await testHost();
  const { openStore, readPlane } = await import('../../src/shared/stores/index.ts');
  const { FileByteSource } = await import('../../src/main/storage/run/file-byte-source.ts');
  let readWhileRunning: Promise<number> | null = null;
  let uri = '';
  host.services.engine.subscribe((name, doc) => {
    if (name === 'stream_resource' && 'uri' in doc) uri = String(doc.uri);
    if (name === 'stream_datum' && readWhileRunning === null) {
      readWhileRunning = (async () => {
        const source = new FileByteSource(new URL(uri).pathname);
        const { images } = await openStore(source);
        const plane = await readPlane(source, images[0]!, 0, { t: 0 });
        return plane.data[5 * plane.widthPx + 7]!;
      })();
    }
  });
  const running = host.runs.runToEnd(item('count', { num: 20, delay: 0.02 }, [['camera']]));
  await expect.poll(() => readWhileRunning !== null, { timeout: 10_000 }).toBe(true);
  expect(await readWhileRunning).toBe(7 * 5 + 3 * 7);
  expect(host.services.engine.state).not.toBe('idle');
  expect((await running).exitStatus).toBe('success');
});

test('positions asked and read back are in the journal and in the documents', async () => {
  const host = await testHost();
  const zs: unknown[] = [];
  host.services.engine.subscribe((name, doc) => {
    if (name === 'event') zs.push((doc as Event).data.z);
  });
  const outcome = await host.runs.runToEnd(item('mda', { sequence: { z_plan: { range: 4, step: 2 } } }));
  const journal = (await readFile(join(outcome.folder, 'journal.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(journal.map(({ asked }) => asked.z)).toEqual([-2, 0, 2]);
  expect(journal.map(({ read }) => read.z)).toEqual([
    expect.closeTo(-2, 1),
    expect.closeTo(0, 1),
    expect.closeTo(2, 1),
  ]);
  expect(zs).toEqual([expect.closeTo(-2, 1), expect.closeTo(0, 1), expect.closeTo(2, 1)]);
  expect(journal.map(({ index }) => index.z)).toEqual([0, 1, 2]);
});

test('a run says which app and which bundles it came from, with what their code was', async () => {
  const host = await testHost();
  const starts: Record<string, unknown>[] = [];
  host.services.engine.subscribe((name, doc) => {
    if (name === 'start') starts.push(doc as never);
  });
  await host.runs.runToEnd(item('count', { num: 1 }, [['camera']]));
  expect(starts[0]?.versions).toMatchObject({
    redsun: '0.0.0',
    'sim-microscope': expect.stringMatching(/^\d+\.\d+\.\d+ sha256:[0-9a-f]{16}$/),
  });
});

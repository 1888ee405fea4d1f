import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CsvWriter, JsonWriter } from 'redsun/sdk/callbacks';
import { scan } from 'redsun/sdk/plans';
import { FakeAxis, FakeDetector, recordingEngine } from 'redsun/sdk/testing';
import { expect, onTestFinished, test } from 'vitest';
import { fileSink } from './file-sink.ts';

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redsun-sink-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A scan of which these callbacks hear. */
async function scanFor(...callbacks: Parameters<ReturnType<typeof recordingEngine>['engine']['subscribe']>[0][]) {
  const { engine, clock, documents } = recordingEngine();
  for (const callback of callbacks) engine.subscribe(callback);
  await clock.run(engine.run(scan([new FakeDetector('det')], [{ axis: new FakeAxis('m1'), start: 0, stop: 1 }], 3)));
  return documents;
}

test('a run becomes a JSON file and a table that other programs read', async () => {
  const folder = await temporary();
  const json = new JsonWriter(({ uid }) => fileSink(join(folder, `${uid.replace(':', '-')}.json`)));
  const table = new CsvWriter({ open: (stream) => fileSink(join(folder, `${stream}.csv`)) });
  const documents = await scanFor(json.onDocument, (name, doc) => void table.onDocument(name, doc));
  await Promise.all([json.done(), table.done()]);
  expect(JSON.parse(await readFile(join(folder, 'uid-0.json'), 'utf8'))).toEqual(documents);
  const lines = (await readFile(join(folder, 'primary.csv'), 'utf8')).split('\r\n');
  expect(lines.map((line) => line.split(',').length)).toEqual([5, 5, 5, 5, 1]);
});

test('a file that is there stays as it is, and the writer says which', async () => {
  const path = join(await temporary(), 'run.json');
  await writeFile(path, 'precious');
  const json = new JsonWriter(() => fileSink(path));
  await scanFor((name, doc) => {
    if (name !== 'stop') return;
    json.onDocument('start', { uid: 'u', time: 0 });
    json.onDocument('stop', doc);
  });
  await expect(json.done()).rejects.toMatchObject({
    code: 'callback/write-failed',
    message: expect.stringContaining('run.json'),
  });
  expect(await readFile(path, 'utf8')).toBe('precious');
});

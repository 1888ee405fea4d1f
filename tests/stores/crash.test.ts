import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileByteSource } from '../../src/main/storage/run/file-byte-source.ts';
import { readJournal } from '../../src/main/storage/run/journal.ts';
import { openStore, readPlane } from '../../src/shared/stores/index.ts';
import { rampFrame, type TestFolder, testFolder } from './ramp-store.ts';

const PROGRAM = fileURLToPath(new URL('write-forever.ts', import.meta.url));
let folder: TestFolder;

beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

test.each([
  ['small', 96, 300],
  ['large', 512, 90],
  ['compressed', 512, 90],
])('a writer that is killed (%s frames) loses no frame that was acknowledged', async (layout, size, atLeast) => {
  const dir = join(folder.path, layout);
  await mkdir(dir);
  const child = spawn(process.execPath, [PROGRAM, dir, layout], { stdio: ['ignore', 'pipe', 'inherit'] });
  let acknowledged = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (acknowledged >= atLeast) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');

  const lines = (await readJournal(join(dir, 'journal.jsonl')))?.lines ?? [];
  expect(lines.length).toBeGreaterThanOrEqual(acknowledged);
  const source = new FileByteSource(join(dir, 'data.ome.zarr'));
  const { images, problems } = await openStore(source);
  expect(problems).toEqual([]);
  for (const { frame, index } of lines) {
    const { data } = await readPlane(source, images[0]!, 0, { t: index.t });
    if (!equal(data, rampFrame('uint16', frame, size, size))) expect.fail(`frame ${frame} differs`);
    // What was acknowledged is there at every level.
    if (images[0]!.levels.length > 1) {
      const { min, max } = await readPlane(source, images[0]!, 1, { t: index.t });
      expect(max).toBeGreaterThan(min);
    }
  }
});

test('a journal whose last line was cut off counts without it', async () => {
  const path = join(folder.path, 'cut.jsonl');
  const line = '{"array":"0","frame":0,"index":{"t":0,"p":0,"c":0,"z":0},"crc32c":"00000000"}\n';
  await writeFile(path, `${line}${line.slice(0, 20)}`);
  expect(await readJournal(path)).toMatchObject({ lines: [{ frame: 0 }], badLines: [] });
  await writeFile(path, `${line}{"array":7}\n${line}`);
  expect((await readJournal(path))?.badLines).toEqual([2]);
});

function equal(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

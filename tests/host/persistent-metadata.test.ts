import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { item, QUICK_SESSION, temporaryFolder, testHost } from './test-host.ts';

const COUNT = item('count', {}, [['z']]);

async function scanIds(baseFolder: string, runs: number, before?: (md: Record<string, unknown>) => void) {
  const host = await testHost(QUICK_SESSION.replace('session: test', 'session: test\nmetadata: {lab: x}'), {
    baseFolder,
  });
  before?.(host.services.engine.md);
  const starts: Record<string, unknown>[] = [];
  host.services.engine.subscribe((_, doc) => void starts.push(doc as unknown as Record<string, unknown>), 'start');
  for (let run = 0; run < runs; run++) await host.runs.runToEnd(COUNT);
  const warnings = host.services.log.records.filter(({ level }) => level === 'warning').map(({ message }) => message);
  await host.close();
  return { starts, warnings };
}

test('scans are counted on over the sessions, and what a script has put into the metadata stays there', async () => {
  const baseFolder = await temporaryFolder();
  const first = await scanIds(baseFolder, 2, (md) => {
    md.proposal = 7;
  });
  expect(first.starts).toMatchObject([{ scan_id: 1 }, { scan_id: 2 }]);
  const second = await scanIds(baseFolder, 1);
  expect(second.starts).toMatchObject([{ scan_id: 3, proposal: 7, lab: 'x', session: 'test' }]);
  const kept = JSON.parse(await readFile(join(baseFolder, 'test', '.redsun', 'metadata.json'), 'utf8'));
  // What the session file says is not kept: a change of it counts at once.
  expect(kept).toEqual({ scan_id: 3, proposal: 7 });
});

test('a file that cannot be read is told, and the session starts all the same', async () => {
  const baseFolder = await temporaryFolder();
  const path = join(baseFolder, 'test', '.redsun', 'metadata.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '{"scan_id": 4');
  const { starts, warnings } = await scanIds(baseFolder, 1);
  expect(starts).toMatchObject([{ scan_id: 1 }]);
  expect(warnings.join()).toMatch(/metadata.json cannot be read/);
});

import { appendFile, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, type TestFolder, testFolder } from '../../../../tests/stores/ramp-store.ts';
import { makeRunFolders } from '../../../../tests/stores/run-folders.ts';
import { RunCatalogue } from './run-catalogue.ts';

let folder: TestFolder;
let faults: string[];
let open: RunCatalogue[];

beforeEach(async () => {
  folder = await testFolder();
  faults = [];
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((catalogue) => catalogue.close()));
  await folder.remove();
});

function openCatalogue(onChanged = () => {}): RunCatalogue {
  const onFault = (message: string) => void faults.push(message);
  const options = { baseDir: folder.path, session: 's', clock: systemClock, onFault, onChanged };
  const catalogue = new RunCatalogue(options);
  open.push(catalogue);
  return catalogue;
}

const cachePath = () => join(folder.path, 's/.redsun/catalogue.jsonl');
const idsOf = ({ runs }: { readonly runs: readonly { readonly id: string }[] }) => runs.map(({ id }) => id);

/** Opens once and closes, so that there is an index. */
async function index(): Promise<void> {
  const catalogue = openCatalogue();
  await catalogue.search();
  await catalogue.close();
}

describe('a search', () => {
  test.each([
    ['without a word', {}, 20],
    ['by a word of the sample', { text: 'leaf' }, 8],
    ['by words of sample and plan', { text: 'LEAF scan' }, 4],
    ['by a word of the metadata', { text: 'maria' }, 10],
    ['by the beginning of a uid', { text: 'uid-7' }, 1],
    ['by the reason', { text: 'limit' }, 5],
    ['by how runs ended', { status: 'abort' }, 5],
    ['by runs that did not end', { status: 'unfinished' }, 5],
    ['by plan', { plan: 'scan' }, 10],
    ['by sample', { sample: 'leaf' }, 8],
    ['by plan and status', { plan: 'scan', status: 'fail' }, 5],
    ['from a day on', { from: '2026-03-03' }, 10],
    ['to a day', { to: '2026-03-01' }, 5],
    ['on one day', { from: '2026-03-02', to: '2026-03-02' }, 5],
    ['by what no run has', { text: 'leaf root' }, 0],
  ] as const)('%s', async (_, query, matching) => {
    await makeRunFolders(join(folder.path, 's'), 20, 5);
    const page = await openCatalogue().search(query);
    expect(page).toMatchObject({ matching, total: 20, plans: ['count', 'scan'] });
    expect(page.runs).toHaveLength(matching);
  });

  test('gives pages, newest first', async () => {
    await makeRunFolders(join(folder.path, 's'), 20, 5);
    const catalogue = openCatalogue();
    const all = idsOf(await catalogue.search());
    const pages = [];
    for (let offset = 0; offset < 20; offset += 6) {
      pages.push(...idsOf(await catalogue.search({}, { offset, limit: 6 })));
    }
    expect(pages).toEqual(all);
    expect(all[0]).toMatch(/^2026-03-04/);
  });
});

describe('what was done to folders by hand', () => {
  test('one that was added, removed or renamed is noticed by the next search', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    const catalogue = openCatalogue();
    const [newest = '', second = '', ...others] = idsOf(await catalogue.search());
    const day = join(folder.path, 's/2026-03-01');
    await rm(join(folder.path, 's', newest), { recursive: true });
    await rename(join(folder.path, 's', second), join(day, 'kept_0001'));
    await mkdir(join(day, 'new_0001'));
    expect(new Set(idsOf(await catalogue.search()))).toEqual(
      new Set([...others, '2026-03-01/kept_0001', '2026-03-01/new_0001']),
    );
    expect(await catalogue.find(newest)).toBeNull();
  });

  test('one that was changed while the program ran is noticed when asked to look again', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    const catalogue = openCatalogue();
    const [{ id, path } = { id: '', path: '' }] = (await catalogue.search({ status: 'success' })).runs;
    const documents = await readFile(join(path, 'documents.jsonl'), 'utf8');
    await writeFile(join(path, 'documents.jsonl'), documents.replace('leaf', 'root'));
    await utimes(join(path, 'documents.jsonl'), 1, 1);
    await catalogue.refresh();
    expect(await catalogue.find(id)).toMatchObject({ sample: 'root' });
  });

  test('one that was changed while the program did not run is told after the first answer', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    await index();
    const [name = ''] = await readdir(join(folder.path, 's/2026-03-01'));
    await appendFile(join(folder.path, 's/2026-03-01', name, 'journal.jsonl'), '{}\n{}\n');
    let told = () => {};
    const changed = new Promise<void>((resolve) => {
      told = resolve;
    });
    const catalogue = openCatalogue(told);
    await catalogue.search();
    await changed;
    expect(await catalogue.find(`2026-03-01/${name}`)).toMatchObject({ frames: 2 });
  });

  test('a run that was going on is read again by each search', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    const catalogue = openCatalogue();
    const [run] = (await catalogue.search({ status: 'unfinished' })).runs;
    const stop = { name: 'stop', doc: { exit_status: 'success', time: 5, reason: '' } };
    await appendFile(join(run?.path ?? '', 'documents.jsonl'), `${JSON.stringify(stop)}\n`);
    expect((await catalogue.search({ status: 'unfinished' })).matching).toBe(0);
    expect(await catalogue.find(run?.id ?? '')).toMatchObject({ exitStatus: 'success', stopTime: 5 });
  });

  test('one that cannot be read hides no other', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    const [name = ''] = await readdir(join(folder.path, 's/2026-03-01'));
    const path = join(folder.path, 's/2026-03-01', name);
    await rm(join(path, 'documents.jsonl'));
    await mkdir(join(path, 'documents.jsonl'));
    const { runs } = await openCatalogue().search();
    expect(runs).toHaveLength(4);
    expect(runs.find((run) => run.path === path)?.reason).toContain('Cannot be read');
  });
});

describe('the index', () => {
  test('says the same as the folders: of 2,000 runs, with it, without it and when parts of it make no sense', async () => {
    await makeRunFolders(join(folder.path, 's'), 2000, 40);
    const limit = 2000;
    const fromFolders = openCatalogue();
    const truth = (await fromFolders.search({}, { limit })).runs;
    expect(truth).toHaveLength(2000);
    await fromFolders.close();
    expect((await readFile(cachePath(), 'utf8')).split('\n')).toHaveLength(2002);
    const again = async () => {
      const catalogue = openCatalogue();
      const { runs } = await catalogue.search({}, { limit });
      await catalogue.close();
      return runs;
    };
    expect(await again()).toEqual(truth);

    const lines = (await readFile(cachePath(), 'utf8')).split('\n');
    const damaged = lines.map((line, at) => (at % 7 === 3 ? line.slice(0, at % 50) : line));
    damaged.push('{"fingerprint":"x","run":{"id":"../../../etc/passwd_0001"}}');
    await writeFile(cachePath(), damaged.join('\n'));
    expect(await again()).toEqual(truth);

    await rm(join(folder.path, 's/.redsun'), { recursive: true });
    expect(await again()).toEqual(truth);
    expect(faults).toEqual([]);
  }, 60_000);

  test('is what is read: a run whose files are as they were is not opened again', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    await index();
    const text = await readFile(cachePath(), 'utf8');
    await writeFile(cachePath(), text.replaceAll('"leaf"', '"from the index"'));
    expect((await openCatalogue().search({ sample: 'from the index' })).matching).toBe(4);
  });

  test('of another version is not read', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    await index();
    const text = await readFile(cachePath(), 'utf8');
    await writeFile(
      cachePath(),
      text.replaceAll('"leaf"', '"from the index"').replace(/^{"catalogue":\d+}/, '{"catalogue":0}'),
    );
    expect((await openCatalogue().search({ sample: 'from the index' })).matching).toBe(0);
  });

  test('moves with its folder', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    await index();
    await mkdir(join(folder.path, 'elsewhere'));
    await rename(join(folder.path, 's'), join(folder.path, 'elsewhere/s'));
    const moved = new RunCatalogue({ baseDir: join(folder.path, 'elsewhere'), session: 's', clock: systemClock });
    open.push(moved);
    const [run] = (await moved.search()).runs;
    expect(run?.path).toBe(join(folder.path, 'elsewhere/s', run?.id ?? ''));
  });

  test('that cannot be written is told, and the runs are there', async () => {
    await makeRunFolders(join(folder.path, 's'), 4, 4);
    await writeFile(join(folder.path, 's/.redsun'), 'in the way');
    const catalogue = openCatalogue();
    expect((await catalogue.search()).total).toBe(4);
    await catalogue.close();
    expect(faults[0]).toContain('catalogue.jsonl cannot be written');
  });

  test('is not made for a session that has no runs', async () => {
    await index();
    expect(await readdir(folder.path)).toEqual([]);
  });
});

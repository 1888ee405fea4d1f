import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bench, item, SESSION } from './run-cli.ts';

const COUNT = item('count', [['camera']], { num: 3 });

const REFUSED = [
  ['an unknown plan', item('cuont', [['camera']]), 'No plan "cuont". Did you mean "count"?'],
  ['an unknown device', item('count', [['camra']]), 'no device "camra". Did you mean "camera"?'],
  ['an unknown parameter', item('count', [['camera']], { nmu: 3 }), 'no parameter "nmu"'],
  ['a value of the wrong type', item('count', [['camera']], { num: 'many' }), 'num'],
  ['a target outside the limits', item('scan', [['camera'], 'z', 0, 1e6], { num: 2 }), 'outside its limits'],
  ['an unknown channel', item('mda', [], { sequence: { channels: [{ config: 'FITS' }] } }), 'Did you mean "FITC"?'],
  ['an item without a name', { item_type: 'plan' }, 'name'],
] as const;

test.each(REFUSED)(
  '%s ends with 2 and the reason, also as the second of two, and nothing is started',
  async (_what, bad, reason) => {
    const { file, session, out, redsun, runs } = await bench();
    const alone = await redsun('run', await file('one.json', bad), '--session', session, '--out', out, '--json');
    const second = await redsun(
      'run',
      await file('two.json', [COUNT, bad]),
      '--session',
      session,
      '--out',
      out,
      '--json',
    );
    for (const { code, stdout, stderr } of [alone, second]) {
      expect(stderr).toContain(reason);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    }
    expect(await runs()).toEqual([]);
  },
);

test('items that the disk can hold one by one but not together end with 2 before the first one starts', async () => {
  const { file, folder, session, out, redsun, runs } = await bench(
    SESSION.replace('size_px: 512, binning: 4', 'size_px: 2048, binning: 1'),
  );
  const { bavail, bsize } = await statfs(folder);
  const frames = Math.ceil((0.6 * bavail * bsize) / (2 * 2048 ** 2));
  const half = item('count', [['camera']], { num: frames });
  const { code, stderr } = await redsun(
    'run',
    await file('two.json', [half, half]),
    '--session',
    session,
    '--out',
    out,
  );
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/the run needs .*, only .* are free/) });
  const alone = await redsun(
    'run',
    await file('one.json', item('count', [['camera']], { num: 2 * frames })),
    '--session',
    session,
    '--out',
    out,
  );
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('are free') });
  expect(await runs()).toEqual([]);
});

test('items that cannot be read, or are no JSON, end with 2 and the name of the file', async () => {
  const { file, session, redsun } = await bench();
  const missing = await redsun('run', 'nowhere.json', '--session', session);
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('nowhere.json cannot be read') });
  const broken = await redsun('run', await file('broken.json', '[{'), '--session', session);
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('broken.json is no JSON') });
});

test('an output folder that cannot be written to is told before the start', async () => {
  const { file, session, redsun } = await bench();
  const items = await file('items.json', [COUNT]);
  const aFile = await redsun('run', items, '--session', session, '--out', items);
  expect(aFile).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('is a file, not a folder') });
  // Not even root can make a folder there.
  const readOnly = await redsun('run', items, '--session', session, '--out', '/proc/redsun');
  expect(readOnly).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('/proc') });
});

test.runIf(process.platform === 'linux')(
  'an output folder that is too deep for the files of a run is told before the start',
  async () => {
    const { folder, file, session, redsun } = await bench();
    const items = await file('items.json', [item('count', [['camera']], { num: 1 })]);
    const deep = join(folder, `${'d'.repeat(59)}/`.repeat(100)).slice(0, 4040);
    const { code, stderr } = await redsun('run', items, '--session', session, '--out', deep);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/item 0: .*4095 is the most/) });
  },
);

test('a file for documents that cannot be written is told before the start', async () => {
  const { file, folder, session, out, redsun, runs } = await bench();
  const items = await file('items.json', [COUNT]);
  const path = join(folder, 'nowhere', 'documents.jsonl');
  const { code, stderr } = await redsun('run', items, '--session', session, '--out', out, '--documents', path);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`--documents: ${path}`) });
  expect(await runs()).toEqual([]);
});

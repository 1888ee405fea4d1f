import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { item, QUICK_SESSION, temporaryFolder, testHost } from './test-host.ts';

const REFUSED = [
  ['an unknown plan', item('cuont', {}, [['camera']]), 'plan/unknown', 'No plan "cuont". Did you mean "count"?'],
  [
    'an unknown device',
    item('count', {}, [['camra']]),
    'plan/unknown-device',
    'count: detectors[0]: no device "camra". Did you mean "camera"?',
  ],
  [
    'an unknown parameter',
    item('count', { nmu: 3 }, [['camera']]),
    'plan/bad-parameter',
    'no parameter "nmu" (got 3), expected one of detectors, num, delay, per_shot, md. Did you mean "num"?',
  ],
  ['a parameter of the wrong type', item('count', { num: 'three' }, [['camera']]), 'plan/bad-parameter', 'num:'],
  [
    'a device of the wrong kind',
    item('scan', { num: 2 }, [['camera'], 'laser488', 0, 1]),
    'plan/wrong-device',
    'args[0]: expected an axis, and "laser488" is none.',
  ],
  [
    'a stage where an axis is due',
    item('scan', { num: 2 }, [['camera'], 'xy', 0, 1]),
    'plan/wrong-device',
    'Its axes are xy-x and xy-y.',
  ],
  [
    'a target outside the limits',
    item('scan', { num: 2 }, [['camera'], 'z', 0, 1e6]),
    'plan/limit',
    '1000000 µm is outside its limits',
  ],
  [
    'an unknown channel',
    item('mda', { sequence: { channels: [{ config: 'FITCH' }] } }),
    'plan/unknown-channel',
    'Did you mean "FITC"?',
  ],
  [
    'a stack that leaves the limits',
    item('mda', { sequence: { z_plan: { range: 1e6, step: 1e5 } } }),
    'plan/limit',
    'z:',
  ],
  [
    'arguments that do not come in groups',
    item('scan', { num: 2 }, [['camera'], 'z', 0]),
    'plan/bad-parameter',
    'groups of 3 (motor, start, stop), got 2',
  ],
] as const;

test.each(REFUSED)('%s is refused with its name and place, and nothing starts', async (_what, plan, code, message) => {
  const host = await testHost();
  const error = await host.runs.start({ ...plan, args: [...plan.args] }).then(
    () => null,
    (thrown: { code: string; message: string }) => thrown,
  );
  expect(error?.code).toBe(code);
  expect(error?.message).toContain(message);
  expect(host.services.engine.state).toBe('idle');
});

test('an output folder that is a file is told before the run starts', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'file');
  await writeFile(file, '');
  const host = await testHost(QUICK_SESSION, { baseFolder: file });
  await expect(host.runs.start(item('count', {}, [['camera']]))).rejects.toMatchObject({
    code: 'target/not-a-folder',
  });
});

test('a run that needs more than the disk has is told before it starts', async () => {
  const host = await testHost();
  const huge = item('mda', { sequence: { time_plan: { interval: 0, loops: 9_000_000 } } });
  await expect(host.runs.start(huge)).rejects.toMatchObject({ code: 'target/no-space' });
});

test('a second host on the same session is refused and names the first one', async () => {
  const folder = await temporaryFolder();
  await testHost(QUICK_SESSION, { baseFolder: folder });
  await expect(testHost(QUICK_SESSION, { baseFolder: folder })).rejects.toMatchObject({
    code: 'session/locked',
    message: expect.stringContaining(String(process.pid)),
  });
});

test('a device that fails is shown as failed with its reason, and the session goes on', async () => {
  const session = `${QUICK_SESSION.replace('channels:', '  board: {plugin_name: sim-microscope, plugin_id: z-stage, low_um: 10, high_um: -10}\nchannels:')}`;
  const host = await testHost(session);
  const state = host.services.roster.states.get('board')?.state;
  expect(state).toMatchObject({ kind: 'failed', attempts: 1 });
  expect((await host.runs.runToEnd(item('count', {}, [['camera']]))).exitStatus).toBe('success');
  await expect(host.services.roster.retry('board')).rejects.toThrow();
  expect(host.services.roster.states.get('board')?.state).toMatchObject({ attempts: 2 });
});

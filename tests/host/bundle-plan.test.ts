import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { thereAndBack } from '../../docs/examples/there-and-back/there-and-back.ts';
import { checkItem } from '../../src/main/host/run/check-item.ts';
import { item, QUICK_SESSION, root, temporaryFolder, testHost } from './test-host.ts';

const examples = join(root, 'docs', 'examples');
const SESSION = `
schema_version: 1
frontend: electron
session: test
devices:
  det: {plugin_name: bluesky-sim, plugin_id: det}
  m1: {plugin_name: bluesky-sim, plugin_id: motor, start_um: 2}
`;

function hostWith(...folders: readonly string[]) {
  return testHost(SESSION, { bundleFolders: [join(root, 'plugins'), ...folders] });
}

async function plant(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const manifest = (name: string) => `name: ${name}\nversion: 0.1.0\nplans:\n  it: './plan.ts:it'\n`;

test('a plan of a bundle runs by its name, and its runs have it', async () => {
  const host = await hostWith(examples);
  const places: unknown[] = [];
  host.services.engine.subscribe((name, doc) => {
    if (name === 'start') places.push((doc as { plan_name?: string }).plan_name);
    if (name === 'event') places.push((doc as { data: Record<string, unknown> }).data.m1);
  });
  const outcome = await host.runs.runToEnd(item(thereAndBack.name, { place: 5 }, [['det'], 'm1']));
  expect(outcome).toMatchObject({ exitStatus: 'success', error: null });
  expect(places).toEqual(['there_and_back', 2, 5]);
  expect(host.services.roster.devices.get('m1')).toMatchObject({ position: 2 });
});

test('it is listed with the devices that fit, and refused with plan, parameter and expectation', async () => {
  const host = await hostWith(examples);
  const plan = host.services.plans.list(host.services.roster.devices).find(({ name }) => name === 'there_and_back');
  expect(plan?.positional).toEqual(['detectors', 'motor', 'place']);
  expect(plan?.parameters.properties?.motor).toMatchObject({ device: 'axis', enum: ['m1'] });
  const start = (...args: unknown[]) => host.runs.start(item('there_and_back', {}, args));
  await expect(start(['det'], 'det', 5)).rejects.toMatchObject({
    code: 'plan/wrong-device',
    message: 'there_and_back: motor: expected an axis, and "det" is none.',
  });
  await expect(start(['det'], 'm1', 'far')).rejects.toMatchObject({
    code: 'plan/bad-parameter',
    message: 'there_and_back: place: expected number, got "far"',
  });
});

test.each([
  ['what is no plan', "export const it = { name: 'it' };", 'bad:it is no plan'],
  [
    'a plan whose name is taken',
    "import { z } from 'zod';\nexport const it = { name: 'scan', description: '', parameters: z.object({}), plan() {} };",
    'bad:it: there is a plan "scan" already',
  ],
  ['what is not exported', 'export const other = 1;', 'exports no "it"'],
])('%s is left out with a word in the log, and the session goes on', async (_what, source, words) => {
  const host = await hostWith(await plant({ 'bad/redsun.yaml': manifest('bad'), 'bad/plan.ts': source }));
  const errors = host.services.log.records.filter(({ level }) => level === 'error').map(({ message }) => message);
  expect(errors).toEqual([expect.stringContaining(words)]);
  expect((await host.runs.runToEnd(item('scan', { num: 2 }, [['det'], 'm1', 0, 1]))).exitStatus).toBe('success');
});

const SWEEP = `
import { checkpoint, definePlan, mv, runWrapper, stageWrapper, triggerAndRead } from 'redsun/sdk/plans';
import { z } from 'zod';
export const it = definePlan({
  name: 'lit_sweep',
  description: 'Two runs of a channel at two heights, and a sweep in between that keeps nothing.',
  parameters: z.object({ channel: z.string() }),
  plan({ channel }, _devices, session) {
    const { cameras: [camera], focus, channels, logger, metadata } = session;
    const light = channels.get(channel);
    if (!camera || !focus || !light) throw new Error('no camera, focus or channel');
    function* once(z) {
      yield* mv([[focus, z]]);
      yield* light.select();
      yield* runWrapper(shot(), { plan_name: 'lit_sweep', note: metadata.note });
    }
    function* shot() {
      yield* checkpoint();
      yield* light.illuminate();
      yield* triggerAndRead([camera, focus]);
      yield* light.darken();
    }
    function* plan() {
      yield* once(1);
      for (const z of [2, 3, 4]) yield* mv([[focus, z]]);
      logger.info('swept at ' + session.nowS().toFixed(0) + ' s');
      yield* once(5);
    }
    return { plan: stageWrapper(plan(), [camera]), cameras: [camera], frames: 2, seconds: { low: 1, high: 2 }, advice: [{ field: 'channel', message: 'twice' }] };
  },
});
`;

test('a plan of a bundle has what one of the app has: channels, focus, log, several runs, an estimate', async () => {
  const folder = await plant({ 'sweep/redsun.yaml': manifest('sweep'), 'sweep/plan.ts': SWEEP });
  const host = await testHost(QUICK_SESSION, { bundleFolders: [join(root, 'plugins'), folder] });
  const asked = { ...item('lit_sweep', { channel: 'FITC' }), meta: { note: 'twice lit' } };
  const bound = checkItem(host.services, asked);
  expect(bound).toMatchObject({ frames: 2, seconds: { low: 1, high: 2 }, cameras: [{ name: 'camera' }] });
  expect(bound.advice).toEqual([{ field: 'channel', message: 'twice' }]);
  const told: [string, unknown][] = [];
  host.services.engine.subscribe((name, doc) => {
    const { note, data } = doc as { note?: string; data?: Record<string, unknown> };
    if (name === 'start') told.push([name, note]);
    if (name === 'event') told.push([name, data?.z]);
  });
  const outcome = await host.runs.runToEnd(asked);
  expect(outcome).toMatchObject({ exitStatus: 'success', frames: 2, expectedFrames: 2, error: null });
  expect(outcome.runStartUids.length).toBe(2);
  expect(told).toEqual([
    ['start', 'twice lit'],
    ['event', expect.closeTo(1, 1)],
    ['start', 'twice lit'],
    ['event', expect.closeTo(5, 1)],
  ]);
  expect(host.services.log.records.some(({ source, message }) => source === 'plan' && /^swept at/.test(message))).toBe(
    true,
  );
});

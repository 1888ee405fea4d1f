// What is wrong with an item is told before anything starts: plan, parameter, value, expectation.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { bench } from '../cli/run-cli.ts';
import { root, temporaryFolder, testHost } from '../host/test-host.ts';

interface Bad {
  readonly what: string;
  readonly item: Record<string, unknown>;
  /** All of it has to be said. */
  readonly says: readonly string[];
}

function bad(
  what: string,
  [name, args, kwargs = {}]: readonly [string, readonly unknown[], Record<string, unknown>?],
  ...says: readonly string[]
): Bad {
  return { what, item: { item_type: 'plan', name, args, kwargs, meta: {} }, says };
}

const DET = ['det'];
const BAD: readonly Bad[] = [
  bad('an unknown plan', ['grid_scna', [DET]], 'No plan "grid_scna". Did you mean "grid_scan"?'),
  bad('an unknown parameter', ['count', [DET], { nun: 3 }], 'count', '"nun" (got 3)', 'Did you mean "num"?'),
  bad('a missing parameter', ['log_scan', [DET, 'm1', 0, 1]], 'log_scan: num: missing, expected a whole number'),
  bad('a parameter given twice', ['count', [DET, 3], { num: 4 }], 'count: "num" is given twice: 3 by position and 4'),
  bad('too many arguments', ['count', [DET, 3, 0, 1]], 'count: takes 3 arguments (detectors, num, delay), got 4'),
  bad('positions by name', ['scan', [DET], { args: ['m1', 0, 1], num: 2 }], 'scan: args: expected by position'),
  bad('a number as a word', ['count', [DET, 'three']], 'count: num: expected a whole number, got "three"'),
  bad('no list of detectors', ['count', ['det']], 'count: detectors: expected a list of names', 'got "det"'),
  bad('an unknown detector', ['count', [['dett']]], 'count: detectors[0]: no device "dett". Did you mean "det"?'),
  bad('a flyer as a detector', ['count', [['flyer']]], 'detectors[0]: expected a device that can be read', '"flyer"'),
  bad('half a point', ['scan', [DET, 'm1', 0, 1], { num: 2.5 }], 'scan: num: expected a whole number, got 2.5'),
  bad('no points', ['scan', [DET, 'm1', 0, 1, 0]], 'scan: args[3]: expected a whole number of points', 'got 0'),
  bad('no number of points', ['scan', [DET, 'm1', 0, 1]], 'scan: num: expected a number of points', 'got null'),
  bad('half a group', ['scan', [DET, 'm1', 0, 1, 'm2', 0], { num: 2 }], 'args: expected groups of 3', 'got 5 values'),
  bad('a detector as a motor', ['scan', [DET, 'det2', 0, 1, 2]], 'scan: args[0]: expected an axis, and "det2" is none'),
  bad('a word as a position', ['scan', [DET, 'm1', 'm2', 1, 2]], 'scan: args[1]: expected a number, got "m2"'),
  bad('a motor twice', ['scan', [DET, 'm1', 0, 1, 'm1', 0, 1, 2]], 'scan: args[3]: expected another motor', '"m1"'),
  bad('a target out of limits', ['scan', [DET, 'lim', 0, 20, 3]], 'scan: args[0] (lim): 20 µm', '-10 to 10 µm'),
  bad(
    'a position in the middle out of limits',
    ['list_scan', [DET, 'lim', [0, 11, 1]]],
    'list_scan: args[0] (lim): 11 µm is outside its limits, -10 to 10 µm',
  ),
  bad(
    'a relative move out of limits from where the motor stands',
    ['rel_scan', [DET, 'lim', -1, 3, 3]],
    'rel_scan: args[0] (lim): 11 µm is outside its limits',
  ),
  bad(
    'a peak out of limits',
    ['tune_centroid', [['peak'], 'peak', 'lim', 0, 11, 0.1]],
    'motor (lim): 11 µm is outside',
  ),
  bad('a spiral out of limits', ['spiral', [DET, 'lim', 'm1', 9, 0, 6, 6, 1, 5]], 'spiral: x_motor (lim): ', 'outside'),
  bad('powers out of limits', ['log_scan', [DET, 'lim', 0, 2, 3]], 'log_scan: motor (lim): 100 µm is outside'),
  bad('a stub out of limits', ['mv', ['m1', 1, 'lim', -11]], 'mv: args[2] (lim): -11 µm is outside'),
  bad('lists of different lengths', ['list_scan', [DET, 'm1', [1, 2], 'm2', [1]]], 'same length, got m1: 2, m2: 1'),
  bad('a number where a list is due', ['list_scan', [DET, 'm1', 3]], 'list_scan: args[1]: expected', 'got 3'),
  bad(
    'the slowest motor among those that turn round',
    ['grid_scan', [DET, 'm1', 0, 1, 2, 'm2', 0, 1, 2], { snake_axes: ['m1'] }],
    'grid_scan: snake_axes[0]: expected one of the faster motors of the mesh (m2), not the slowest, got "m1"',
  ),
  bad(
    'another motor among those that turn round',
    ['grid_scan', [DET, 'm1', 0, 1, 2, 'm2', 0, 1, 2], { snake_axes: ['m3'] }],
    'grid_scan: snake_axes[0]: expected one of the faster motors of the mesh (m2), got "m3"',
  ),
  bad(
    'the older and the newer form of a mesh together',
    ['grid_scan', [DET, 'm1', 0, 1, 2, 'm2', 0, 1, 2, true], { snake_axes: true }],
    'grid_scan: args[8]: expected no booleans beside snake_axes, got true',
  ),
  bad(
    'a mesh of half points',
    ['grid_scan', [DET, 'm1', 0, 1, 1.5]],
    'grid_scan: args[3]: expected a whole',
    'got 1.5',
  ),
  bad('more points than anybody means', ['scan', [DET, 'm1', 0, 1, 2_000_000]], 'scan: 2000000 points are more than'),
  bad('too few delays', ['count', [DET, 5, [1, 2]]], 'count: delay: expected at least 4 delays for num 5, got 2'),
  bad('a negative delay', ['count', [DET, 5, -1]], 'count: delay: expected', 'got -1'),
  bad('a function', ['count', [DET], { per_shot: 'one_shot' }], 'count: per_shot: expected null', 'got "one_shot"'),
  bad('metadata that is none', ['count', [DET], { md: 'sample' }], 'count: md: expected an object', 'got "sample"'),
  bad('a key that nobody reads', ['tune_centroid', [['peak'], 'paek', 'm1', 0, 2, 0.1]], 'signal', 'mean "peak"?'),
  bad(
    'steps the wrong way round',
    ['adaptive_scan', [['peak'], 'peak', 'm1', 0, 2, 1, 0.5, 1, true]],
    'adaptive_scan: min_step: expected less than max_step 0.5, got 1',
  ),
  bad('no cycler', ['scan_nd', [DET, 'm1']], 'scan_nd: cycler: expected an object of motors', 'got "m1"'),
  bad(
    'a cycler of different lengths',
    ['scan_nd', [DET, { m1: [1, 2], m2: [1] }]],
    'scan_nd: cycler.m2',
    '2 positions',
  ),
  bad('a cycler of an unknown motor', ['scan_nd', [DET, { m11: [1] }]], 'scan_nd: cycler.m11: no device "m11"'),
  bad('a detector that cannot fly', ['fly', [DET]], 'fly: flyers[0]: expected a device that flies', '"det" is none'),
  bad(
    'a flyer without a stream of its own',
    ['fly', [['fflyer']]],
    'flyers[0]: expected a device that flies and names',
  ),
  bad('a spiral without points', ['spiral_fermat', [DET, 'm1', 'm2', 0, 0, 1, 1, 9, 1]], 'spiral_fermat: dr', 'got 9'),
  bad('one motor for both axes', ['spiral', [DET, 'm1', 'm1', 0, 0, 1, 1, 0.1, 5]], 'y_motor: expected another motor'),
  { what: 'metadata of the item that is none', item: { name: 'count', args: [DET], meta: 'x' }, says: ['meta'] },
  { what: 'something that is no plan', item: { item_type: 'function', name: 'count' }, says: ['item_type'] },
];

async function session(): Promise<string> {
  const text = await readFile(join(root, 'plugins/bluesky-sim/session.yaml'), 'utf8');
  return text
    .replace('session: bluesky-sim', 'session: test')
    .replace('devices:\n', 'devices:\n  lim: {plugin_name: bluesky-sim, plugin_id: limit-motor, start_um: 8}\n');
}

test(`${BAD.length} kinds of bad items are refused with all that there is to say, and nothing is started`, async () => {
  const base = await temporaryFolder();
  const host = await testHost(await session(), { baseFolder: base });
  const commands: string[] = [];
  host.services.engine.messageStarted.connect(({ command }) => commands.push(command));
  const wrong: unknown[] = [];
  for (const { what, item, says } of BAD) {
    const call = callChannel(host.server, 'acquisition', 'run', { item }, new AbortController().signal);
    const message = await call.then(
      () => 'it was started',
      (thrown: Error) => thrown.message,
    );
    if (!says.every((part) => message.includes(part))) wrong.push({ what, message, says });
  }
  expect(wrong).toEqual([]);
  expect(commands).toEqual([]);
  // A good one after all of them makes the first run folder: the others left none.
  const good = await host.runs.runToEnd({ item_type: 'plan', name: 'count', args: [DET], kwargs: {}, meta: {} });
  expect(good).toMatchObject({ exitStatus: 'success', folder: expect.stringMatching(/count_0*1$/) });
  const folders = (await readdir(base, { recursive: true })).filter((path) =>
    /^test\/\d{4}-\d\d-\d\d\/[^/]+$/.test(path),
  );
  expect(folders).toHaveLength(1);
});

// Each takes the start of a program: one of each stage of the check.
const STAGES = ['something that is no plan', 'an unknown plan', 'a number as a word', 'a target out of limits'];

test.each(BAD.filter(({ what }) => STAGES.includes(what)))('$what ends redsun run with 2', async ({ item, says }) => {
  const { file, session: path, redsun, out, runs } = await bench(await session());
  const items = await file('items.json', [{ name: 'count', args: [DET] }, item]);
  const { code, stdout, stderr } = await redsun('run', items, '--session', path, '--out', out, '--json');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  for (const part of says) expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(await runs()).toEqual([]);
});

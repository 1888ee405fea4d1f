import { expect, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { applyRunDataUpdate, EMPTY_RUN_DATA, type RunData } from '../../src/sdk/callbacks/index.ts';
import { validateNow } from '../../src/sdk/util/index.ts';
import { type RunDataChanged, runDataChannel } from '../../src/shared/channels/run-data.ts';
import { item, testHost } from './test-host.ts';

/** What a window that is there from the beginning puts together. */
function follow(host: Host): { data: RunData; changes: RunDataChanged[] } {
  const followed = { data: EMPTY_RUN_DATA, changes: [] as RunDataChanged[] };
  host.server.channels.get('run-data')?.events.changed?.connect((payload) => {
    const change = payload as RunDataChanged;
    // As over a wire.
    const { issues } = validateNow(runDataChannel.events.changed.payload, JSON.parse(JSON.stringify(change)));
    expect(issues).toBeUndefined();
    followed.changes.push(change);
    followed.data = change.updates.reduce(applyRunDataUpdate, followed.data);
  });
  return followed;
}

async function all(host: Host) {
  const answer = await callChannel(host.server, 'run-data', 'all', undefined, new AbortController().signal);
  const result = validateNow(runDataChannel.calls.all.response, JSON.parse(JSON.stringify(answer)));
  if (result.issues) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

test('a scan is told as table and curve; a window that comes later gets the same', async () => {
  const host = await testHost();
  const followed = follow(host);
  expect((await all(host)).data).toEqual(EMPTY_RUN_DATA);
  await host.runs.runToEnd(item('scan', { num: 7 }, [['camera'], 'z', -3, 3]));
  const { version, data } = await all(host);
  expect(data.table?.columns.map(({ key, unit }) => [key, unit])).toEqual([
    ['z', 'um'],
    ['camera_mean', 'counts'],
  ]);
  expect(data.table?.rows.map(({ values: [z] }) => z)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  expect(data.plots).toMatchObject([{ kind: 'line', x: { key: 'z' }, y: { key: 'camera_mean' } }]);
  expect(data.end).toMatchObject({ exitStatus: 'success', numEvents: { primary: 7 } });
  expect(followed.data).toEqual(data);
  expect(followed.changes.map((change) => change.version)).toEqual(Array.from({ length: version }, (_, at) => at + 1));
});

test('a mesh is told as a picture, in far fewer messages than it has points', async () => {
  const host = await testHost();
  const followed = follow(host);
  await host.runs.runToEnd(item('grid_scan', {}, [['camera'], 'xy.y', -4, 4, 5, 'xy.x', -6, 6, 20]));
  const { data } = await all(host);
  expect(data.plots).toMatchObject([{ kind: 'grid', x: { key: 'xy-x' }, y: { key: 'xy-y' }, columns: 20, rows: 5 }]);
  const [plot] = data.plots;
  expect(plot?.kind === 'grid' && plot.cells.filter((value) => value !== null).length).toBe(100);
  expect(followed.data).toEqual(data);
  expect(followed.changes.length).toBeLessThan(100);
});

test('a session that lists other presenters has this one all the same', async () => {
  const { QUICK_SESSION } = await import('./test-host.ts');
  const host = await testHost(
    `${QUICK_SESSION}\npresenters:\n  acquisition: {plugin_name: redsun, plugin_id: acquisition}\n`,
  );
  expect(host.server.channels.has('run-data')).toBe(true);
  expect((await host.runs.runToEnd(item('count', {}, [['camera']]))).exitStatus).toBe('success');
});

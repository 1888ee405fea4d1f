import { expect, onTestFinished, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { acquisitionChannel } from '../../src/shared/channels/acquisition.ts';
import { controlChannel } from '../../src/shared/channels/control.ts';
import { positionerChannel } from '../../src/shared/channels/positioner.ts';
import { reviewChannel } from '../../src/shared/channels/review.ts';
import { safetyChannel } from '../../src/shared/channels/safety.ts';
import { createBridge } from '../../src/shared/ipc/client.ts';
import type { Transport } from '../../src/shared/ipc/transport.ts';
import { transportPair } from '../ipc/transport-pair.ts';
import { item, testHost } from './test-host.ts';

/** A window of this name on a host. */
async function windowOf(host: Host, name: string) {
  const ends: Transport[] = [];
  const bridge = createBridge(async () => {
    const { near, far } = transportPair();
    ends.push(near);
    // A real connection holds the host's first word back until somebody listens.
    setImmediate(() => host.server.serve(far, { name }));
    return near;
  }, systemClock);
  onTestFinished(() => bridge[Symbol.dispose]());
  await expect.poll(() => bridge.state.kind).toBe('open');
  return {
    control: bridge.channel(controlChannel),
    positioner: bridge.channel(positionerChannel),
    review: bridge.channel(reviewChannel),
    safety: bridge.channel(safetyChannel),
    acquisition: bridge.channel(acquisitionChannel),
    me: () => (bridge.state.kind === 'open' ? bridge.state.me.name : ''),
    leave: () => bridge[Symbol.dispose](),
  };
}

test('one window drives, the other looks on, stops, asks, and has the control when the first has gone', async () => {
  const host = await testHost();
  const anna = await windowOf(host, 'Window');
  const ben = await windowOf(host, 'Window');
  expect([anna.me(), ben.me()]).toEqual(['Window', 'Window (2)']);
  await anna.positioner.call('move', { axis: 'z', target: 3 });
  const held = {
    code: 'control/held',
    message: 'Window has control of the microscope; ask for it first',
    details: { holder: 'Window' },
  };
  await expect(ben.positioner.call('move', { axis: 'z', target: 5 })).rejects.toMatchObject(held);
  await expect(ben.acquisition.call('run', { item: item('count', { num: 1 }, [['camera']]) })).rejects.toMatchObject(
    held,
  );
  expect(host.services.roster.devices.get('z')).toMatchObject({ position: expect.closeTo(3, 1) });
  // Questions are everybody's, and so is STOP; what comes after it is the operator's.
  await ben.acquisition.call('plans', undefined);
  expect(await ben.safety.call('stop', { by: 'Ben' })).toMatchObject({ by: 'Ben' });
  await expect(ben.safety.call('rearm', undefined)).rejects.toMatchObject(held);
  await anna.safety.call('rearm', undefined);

  expect(await ben.control.call('ask', undefined)).toEqual({ granted: false });
  await anna.control.call('answer', { grants: true });
  await ben.positioner.call('move', { axis: 'z', target: 5 });
  await expect(anna.positioner.call('move', { axis: 'z', target: 3 })).rejects.toMatchObject({ code: 'control/held' });
  ben.leave();
  await expect.poll(() => host.server.lease.state.holder).toBeNull();
  await anna.positioner.call('move', { axis: 'z', target: 3 });
});

test('each window has its own stores: one closes or goes, the other reads on', async () => {
  const host = await testHost();
  await host.runs.runToEnd(item('count', { num: 1 }, [['camera']]));
  const [anna, ben] = [await windowOf(host, 'Anna'), await windowOf(host, 'Ben')];
  const search = { offset: 0, limit: 1, refresh: false };
  const { runs } = await anna.review.call('search', search);
  const id = runs[0]?.id ?? '';
  const [mine, twice, theirs] = [
    await anna.review.call('openRun', { id }),
    await anna.review.call('openRun', { id }),
    await ben.review.call('openRun', { id }),
  ];
  expect(new Set([mine.storeId, twice.storeId, theirs.storeId]).size).toBe(3);
  expect(mine.path).toBe(theirs.path);
  const read = (window: typeof anna, { storeId }: typeof mine) =>
    window.review.call('read', { storeId, key: 'zarr.json' }).then(({ bytes }) => bytes?.byteLength ?? 0);
  const closed = { code: 'review/not-open' };
  await expect(read(ben, mine)).rejects.toMatchObject(closed);
  await expect(ben.review.call('close', { storeId: mine.storeId })).rejects.toMatchObject(closed);
  await anna.review.call('close', { storeId: mine.storeId });
  await expect(read(anna, mine)).rejects.toMatchObject(closed);
  expect(await read(anna, twice)).toBeGreaterThan(100);
  anna.leave();
  expect(await read(ben, theirs)).toBeGreaterThan(100);
});

import { expect, test } from 'vitest';
import { guardAgainstFaults } from '../../src/main/app/fault-guard.ts';
import type { Host } from '../../src/main/host/start-host.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { type Camera, isLight, isShutter } from '../../src/sdk/device/index.ts';
import type { Event } from '../../src/sdk/events/index.ts';
import type { AcquisitionState } from '../../src/shared/channels/acquisition.ts';
import { item, testHost } from './test-host.ts';

const slow = (num: number) => item('count', { num, delay: 0.05 }, [['camera']]);

/** Resolves when so many frames were acknowledged. */
async function frames(host: Host, count: number): Promise<void> {
  await expect.poll(() => host.services.storage.counts.acknowledged, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
}

function allDark(host: Host): boolean {
  const devices = [...host.services.roster.devices.values()];
  return (
    devices.filter(isLight).every(({ state }) => !state.on) && devices.filter(isShutter).every(({ isOpen }) => !isOpen)
  );
}

test('a paused run stands still and goes on to all of its frames', async () => {
  const host = await testHost();
  const { outcome } = await host.runs.start(slow(10));
  await frames(host, 2);
  await host.services.engine.pause();
  expect(host.services.engine.state).toBe('paused');
  // What the camera had given by then is still on its way to the store.
  const { acquired } = host.runs.progress ?? {};
  await expect.poll(() => host.services.storage.counts.acknowledged).toBe(acquired);
  const paused = host.services.storage.counts.acknowledged;
  // That nothing comes is seen by waiting only: longer than six frames take.
  await systemClock.sleep(300);
  expect(host.services.storage.counts.acknowledged).toBe(paused);
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success', reason: '' });
});

test('a run that is paused in the middle of an exposure leaves the sample in the dark, and lights it again to go on', async () => {
  const host = await testHost();
  const sequence = { channels: [{ config: 'FITC', exposure: 300 }], time_plan: { interval: 0, loops: 3 } };
  const { outcome } = await host.runs.start(item('mda', { sequence }));
  await expect.poll(() => allDark(host)).toBe(false);
  await host.services.engine.pause();
  await expect.poll(() => allDark(host)).toBe(true);
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success', reason: '' });
  expect(allDark(host)).toBe(true);
});

test('a deferred pause waits for the checkpoint, and no frame is taken twice', async () => {
  const host = await testHost();
  const seqNums: number[] = [];
  host.services.engine.subscribe((name, doc) => {
    if (name === 'event') seqNums.push((doc as Event).seq_num);
  });
  const { outcome } = await host.runs.start(slow(8));
  await frames(host, 2);
  await host.services.engine.pause({ defer: true });
  await expect.poll(() => host.services.engine.state).toBe('paused');
  await host.runs.resume();
  expect(await outcome).toMatchObject({ exitStatus: 'success', frames: 8 });
  expect(seqNums).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('an aborted run keeps its frames, says why and leaves no light on', async () => {
  const host = await testHost();
  const { outcome } = await host.runs.start(
    item('mda', { sequence: { channels: [{ config: 'FITC', exposure: 40 }], time_plan: { interval: 0, loops: 100 } } }),
  );
  await frames(host, 2);
  await host.services.engine.abort('sample drifted');
  expect(await outcome).toMatchObject({ exitStatus: 'abort', reason: 'sample drifted' });
  expect(host.services.engine.state).toBe('idle');
  expect(allDark(host)).toBe(true);
});

test('a stopped run ends in good order', async () => {
  const host = await testHost();
  const { outcome } = await host.runs.start(slow(100));
  await frames(host, 2);
  await host.services.engine.stop();
  const result = await outcome;
  expect(result.exitStatus).toBe('success');
  expect(result.frames).toBeGreaterThanOrEqual(2);
});

test('STOP halts motion, puts lights out and aborts the run; nothing moves until it is re-armed', async () => {
  const host = await testHost();
  const { outcome } = await host.runs.start(slow(100));
  await frames(host, 1);
  const report = await host.safety.stop('test');
  expect(report.devices.every(({ result }) => result === 'safe')).toBe(true);
  expect([report.motion.kind, report.lights.kind, report.run.kind]).toEqual(['done', 'done', 'done']);
  expect(await outcome).toMatchObject({ exitStatus: 'abort' });
  expect(allDark(host)).toBe(true);
  await expect(host.runs.start(slow(1))).rejects.toMatchObject({ code: 'safety/stopped' });
  host.services.latch.rearm();
  expect((await host.runs.runToEnd(slow(1))).exitStatus).toBe('success');
});

test('STOP answers within a second when a device never does, and names it', async () => {
  const host = await testHost();
  const laser = [...host.services.roster.devices.values()].find(isLight)!;
  Object.defineProperty(laser, 'turnOff', { value: () => new Promise(() => {}) });
  const before = performance.now();
  const report = await host.safety.stop('test');
  expect(performance.now() - before).toBeLessThan(1000);
  expect(report.devices.filter(({ result }) => result !== 'safe').map(({ name }) => name)).toEqual([laser.name]);
});

test('a device whose trigger never ends does not keep abort from working', async () => {
  const host = await testHost();
  const camera = host.services.roster.devices.get('camera') as unknown as { trigger(): unknown };
  const { Status } = await import('../../src/sdk/device/index.ts');
  Object.defineProperty(camera, 'trigger', { value: () => new Status({ label: 'hangs' }) });
  const { outcome } = await host.runs.start(slow(3));
  await expect.poll(() => host.services.engine.state).toBe('running');
  await host.services.engine.abort('hangs');
  expect(await outcome).toMatchObject({ exitStatus: 'abort', reason: 'hangs' });
});

test('progress tells frames, bytes and time left', async () => {
  const host = await testHost();
  const seen: AcquisitionState[] = [];
  host.server.channels.get('acquisition')?.events.changed?.connect((state) => seen.push(state as AcquisitionState));
  await host.runs.runToEnd(slow(6));
  const running = seen.flatMap(({ run }) => (run ? [run] : []));
  expect(running.some(({ total, acquired, leftS }) => total === 6 && acquired > 0 && leftS !== null)).toBe(true);
  const acknowledged = running.map((run) => run.acknowledged);
  expect(acknowledged).toEqual([...acknowledged].sort((a, b) => a - b));
  await expect
    .poll(() => seen.at(-1))
    .toMatchObject({ engine: 'idle', run: null, last: { exitStatus: 'success', frames: 6 } });
});

test('of two runs that are asked for at once the second is refused, and leaves no folder', async () => {
  const host = await testHost();
  const [first, second] = await Promise.allSettled([host.runs.start(slow(2)), host.runs.start(slow(2))]);
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'engine/transition' } });
  if (first.status !== 'fulfilled') throw first.reason;
  expect(await first.value.outcome).toMatchObject({ name: 'count_0001', exitStatus: 'success', frames: 2 });
  const next = await host.runs.runToEnd(slow(1));
  expect(next.name).toBe('count_0002');
});

test('a run without cameras counts no frames of the run before', async () => {
  const host = await testHost();
  await host.runs.runToEnd(slow(3));
  const outcome = await host.runs.runToEnd(item('scan', { num: 3 }, [['z'], 'xy.x', 0, 2]));
  expect(outcome).toMatchObject({ exitStatus: 'success', frames: 0 });
});

test('a run that is asked for while a picture is taken waits for it', async () => {
  const host = await testHost();
  const camera = host.services.roster.devices.get('camera') as Camera;
  await camera.applySettings({ exposureMs: 200 });
  const { signal } = new AbortController();
  const snapped = callChannel(host.server, 'camera', 'snap', { camera: 'camera' }, signal);
  const { outcome } = await host.runs.start(slow(1));
  expect(await outcome).toMatchObject({ exitStatus: 'success', frames: 1 });
  await snapped;
});

test('STOP during a stack is an abort with its reason, though the focus may not go home', async () => {
  const host = await testHost();
  const faults: string[] = [];
  host.services.log.subscribe(({ level, source, message }) => {
    if (level === 'error' && source === 'run') faults.push(message);
  });
  const sequence = {
    channels: [{ config: 'FITC', exposure: 20 }],
    z_plan: { range: 40, step: 1 },
    time_plan: { interval: 0, loops: 5 },
  };
  const { outcome } = await host.runs.start(item('mda', { sequence }));
  await frames(host, 3);
  await host.safety.stop('Esc');
  expect(await outcome).toMatchObject({ exitStatus: 'abort', reason: 'STOP by Esc', error: null });
  expect(faults).toEqual([]);
});

test('after a fault that nobody caught a light that was left on goes out, and it is said', async () => {
  const host = await testHost();
  const said: string[] = [];
  host.services.log.subscribe(({ source, message }) => {
    if (source === 'fault') said.push(message);
  });
  using guard = guardAgainstFaults(() => {});
  guard.attach(host);
  const [laser] = host.services.optics.lights;
  await laser?.set({ on: true }).wait();
  process.emit('unhandledRejection', new Error('a timer of a bundle'), Promise.resolve());
  await expect
    .poll(() => said.join('\n'))
    .toMatch(/a timer of a bundle[\s\S]*After a fault that nobody caught: Lights off in \d+ ms/);
  expect(allDark(host)).toBe(true);
});

test('the store of a run that was halted is whole when the program has ended', async () => {
  const host = await testHost();
  await host.runs.start(slow(100));
  await frames(host, 3);
  await host.services.engine.halt();
  const { writer } = host.services.storage;
  await host.close();
  expect(writer.isOpen).toBe(false);
});

test('two Resumes at once are one: the run goes on to its end, and is recorded once', async () => {
  const host = await testHost();
  const ended: unknown[] = [];
  host.runs.ended.connect((result) => ended.push(result));
  const { outcome } = await host.runs.start(slow(10));
  await host.services.engine.pause();
  await expect.poll(() => host.runs.state.kind).toBe('paused');
  await Promise.all([host.runs.resume(), host.runs.resume()]);
  expect(await outcome).toMatchObject({ exitStatus: 'success', frames: 10 });
  expect(ended.length).toBe(1);
  await expect(host.runs.resume()).rejects.toMatchObject({ code: 'engine/transition' });
});

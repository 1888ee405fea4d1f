import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/main/host/start-host.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { type Estimate, estimateSchema } from '../../src/shared/channels/acquisition.ts';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

async function estimateOf(host: Host, wanted: ReturnType<typeof item>): Promise<Estimate> {
  const signal = new AbortController().signal;
  return estimateSchema.parse(await callChannel(host.server, 'acquisition', 'estimate', { item: wanted }, signal));
}

const stack = item('mda', {
  sequence: {
    channels: [{ config: 'FITC' }, { config: 'Cy5' }],
    z_plan: { range: 4, step: 1 },
    time_plan: { interval: 0.2, loops: 2 },
  },
});

test('a first estimate is a guess, the next is learnt; nothing moves for it and the channel stays', async () => {
  const host = await testHost();
  const { optics, roster, engine } = host.services;
  await optics.selectChannel('FITC');
  const z = roster.devices.get('z') as unknown as { position: number };
  const first = await estimateOf(host, stack);
  expect([first.kind, first.frames, first.learnt < 0.5]).toEqual(['whole', 20, true]);
  expect([z.position, optics.channel, engine.state]).toEqual([0, 'FITC', 'idle']);

  const outcome = await host.runs.runToEnd(stack);
  expect(outcome).toMatchObject({ exitStatus: 'success', frames: 20, expectedFrames: 20 });
  expect(outcome.predictedS?.high).toBeGreaterThan(0.2);
  const second = await estimateOf(host, stack);
  expect(second).toMatchObject({ kind: 'whole', frames: 20 });
  expect(second.moves).toBe(first.moves);
  expect(second.learnt).toBeGreaterThan(0.9);

  const log = host.services.log.records.map(({ message }) => message);
  expect(log.find((line) => line.startsWith('mda_0001 done'))).toMatch(
    /20 frames in [\d.]+ s, predicted [\d.]+–[\d.]+ s, all on the disk$/,
  );
  const path = join(host.services.baseFolder, 'test', '.redsun', 'timings.json');
  expect(Object.keys(JSON.parse(await readFile(path, 'utf8')).samples)).toEqual(
    expect.arrayContaining(['z.set', 'camera.trigger', 'laser488.set', 'wheel.set']),
  );
});

test('how many moves and messages there will be is what there was', async () => {
  const host = await testHost();
  const scan = item('scan', { num: 5 }, [['camera'], 'z', 0, 8]);
  const { moves, messages, frames } = await estimateOf(host, scan);
  const seen: string[] = [];
  host.services.engine.messageStarted.connect(({ command }) => seen.push(command));
  await host.runs.runToEnd(scan);
  expect([moves, messages, frames]).toEqual([seen.filter((command) => command === 'set').length, seen.length, 5]);
});

test('an estimate of a plan that is wrong says what is', async () => {
  const host = await testHost();
  const wrong = await estimateOf(host, item('scan', { num: 5 }, [['camera'], 'zz', 0, 8]));
  expect(wrong).toMatchObject({ kind: 'unknown', seconds: null, problems: [{ severity: 'error' }] });
});

test('an estimate of a very long plan lets other work in, and is counted from its first part', async () => {
  const host = await testHost();
  const long = item('count', { num: 200_000 }, [['camera']]);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const { kind, frames, notes, messages } = await estimateOf(host, long);
  clearInterval(timer);
  expect([kind, frames, notes]).toEqual(['extrapolated', 200_000, [expect.stringMatching(/^Counted from the first/)]]);
  expect(messages).toBeGreaterThan(1_000_000);
  expect(turns).toBeGreaterThan(5);
});

test('an estimate knows the room that levels take, and says of compressed images the most', async () => {
  const storage = (keys: string) => `${QUICK_SESSION}storage: {${keys}}\n`;
  const [plain, levels, packed] = [
    await estimateOf(await testHost(), stack),
    await estimateOf(await testHost(storage('levels: 3')), stack),
    await estimateOf(await testHost(storage('levels: 3, compression: blosc-zstd')), stack),
  ];
  expect([plain, levels, packed].map(({ bytesKind }) => bytesKind)).toEqual(['exact', 'exact', 'atMost']);
  // 20 frames of 128 x 128 pixels of two bytes; two levels more are a quarter and a sixteenth of it.
  const pixels = 20 * 128 * 128 * 2;
  expect(plain.bytes - pixels).toBeGreaterThan(0);
  expect(plain.bytes - pixels).toBeLessThan(4096);
  expect(levels.bytes - pixels * (1 + 1 / 4 + 1 / 16)).toBeLessThan(3 * 4096);
  expect(packed.bytes).toBeGreaterThan(levels.bytes);
});

test('an estimate says what the disk takes and what the run asks of it', async () => {
  const host = await testHost();
  const { bytes, seconds, neededBytesPerS, diskBytesPerS } = await estimateOf(host, stack);
  expect(neededBytesPerS).toBeCloseTo(bytes / (seconds?.low ?? 0), 3);
  expect(diskBytesPerS).toBe(host.services.survey.known?.writeBytesPerS);
  expect(diskBytesPerS).toBeGreaterThan(0);
});

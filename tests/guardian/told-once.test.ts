import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { actRecordPath } from '../../src/main/host/safety/earlier-acts.ts';
import { logChannel } from '../../src/shared/channels/log.ts';
import type { SafetyAct } from '../../src/shared/guardian/safety-act.ts';
import { linesOf } from '../cli/run-cli.ts';
import { reach } from './moments.ts';
import { isRunning } from './processes.ts';
import { type ServedMicroscope, serveMicroscope } from './served-microscope.ts';
import { type Witness, witness } from './witness.ts';

const EARLIER = 'In an earlier session';

async function toldOfEarlier({ bridge }: ServedMicroscope): Promise<string[]> {
  const records = await bridge.channel(logChannel).call('recent', undefined);
  return records.map(({ message }) => message).filter((message) => message.startsWith(EARLIER));
}

async function recorded({ terminal }: Witness): Promise<SafetyAct[]> {
  const text = await readFile(actRecordPath(terminal.out, 'test'), 'utf8').catch(() => '');
  return linesOf(text) as unknown as SafetyAct[];
}

async function end({ hostPid, guardianPid }: ServedMicroscope, signal: NodeJS.Signals): Promise<void> {
  const guardian = guardianPid();
  process.kill(hostPid, signal);
  await expect.poll(() => isRunning(hostPid)).toBe(false);
  await expect.poll(() => isRunning(guardian)).toBe(false);
}

test('the next session says what the guardian did after the one before was killed, in log and window, and only once', async () => {
  const bench = await witness();
  const killed = await serveMicroscope(bench);
  await reach('Live', killed, bench.laser);
  await end(killed, 'SIGKILL');
  const next = await serveMicroscope(bench);
  expect(await toldOfEarlier(next)).toEqual([
    expect.stringMatching(/the program that drives the microscope was gone: safe: laser \(\d+ ms\)/),
  ]);
  await expect.poll(next.guardian).toMatchObject({
    lastAct: { reason: 'host-gone', devices: [{ device: 'laser', outcome: 'confirmed' }, {}] },
  });
  await end(next, 'SIGTERM');
  const third = await serveMicroscope(bench);
  expect(await toldOfEarlier(third)).toEqual([]);
  await expect.poll(third.guardian).toMatchObject({ lastAct: null });
});

test('a laser that does not hear when the host is gone is told until it does, and the record says both', async () => {
  const bench = await witness();
  const killed = await serveMicroscope(bench);
  await reach('lit by hand', killed, bench.laser);
  bench.laser.turnDeafOrBack();
  process.kill(killed.hostPid, 'SIGKILL');
  const outcomes = async () =>
    (await recorded(bench)).map(({ devices }) => devices.find(({ device }) => device === 'laser')?.outcome);
  await expect.poll(outcomes).toEqual(['failed']);
  expect((await bench.laser.changes()).at(-1)?.on).toBe(true);
  const hearsMs = Date.now();
  bench.laser.turnDeafOrBack();
  const { atMs } = await bench.laser.becomes(false);
  expect(atMs - hearsMs).toBeLessThan(2_500);
  await expect.poll(outcomes).toEqual(['failed', 'confirmed']);
});

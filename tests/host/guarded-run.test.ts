import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Guardian } from '../../src/guardian/guardian.ts';
import { PauseWatch } from '../../src/main/cli/pause-watch.ts';
import { GuardianClient } from '../../src/main/guardian/guardian-client.ts';
import { startInProcess } from '../../src/main/guardian/testing/in-process-guardian.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { terminalOn } from './terminal-on.ts';
import { item, QUICK_SESSION, testHost } from './test-host.ts';

/** Two planes, the second one of which is exposed for long. */
const SEQUENCE = { channels: [{ config: 'FITC' }, { config: 'Cy5', exposure: 800 }] };

/** A host in a run that the guardian is about to interrupt. */
async function exposing() {
  const guardians: Guardian[] = [];
  const start = startInProcess({ clock: systemClock }, (guardian) => void guardians.push(guardian));
  const client = new GuardianClient({ start, clock: systemClock });
  const host = await testHost(QUICK_SESSION, { startGuardian: () => client });
  const { outcome } = await host.runs.start(item('mda', { sequence: SEQUENCE }));
  const { optics } = host.services;
  await expect.poll(() => optics.lights.find(({ name }) => name === 'laser640')?.state.on).toBe(true);
  return { host, outcome, act: () => guardians[0]!.act('host-silent', null) };
}

test('a run that the guardian interrupts is paused with the reason, takes its frame again, and keeps the act', async () => {
  const { host, outcome, act } = await exposing();
  const { engine } = host.services;
  await act();
  await expect.poll(() => engine.state).toBe('paused');
  expect(host.runs.pauseReason).toMatch(
    /^The guardian made everything safe, as the program did not respond for 2 s: safe: /,
  );
  await host.runs.resume();
  expect(host.runs.pauseReason).toBeNull();
  const { exitStatus, frames, folder } = await outcome;
  expect([exitStatus, frames]).toEqual(['success', 2]);
  const [line, ...others] = (await readFile(join(folder, 'guardian.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(others).toEqual([]);
  expect(JSON.parse(line ?? '')).toMatchObject({ reason: 'host-silent', frames: [] });
});

test('frames that came although the light had gone out are named in the record of the run, others are not', async () => {
  const { host, outcome, act } = await exposing();
  const { clock, interrupted, log } = host.services;
  // As from a camera that was faster than what the guardian said.
  interrupted.add('camera', { t: 0, p: 0, c: 1, z: 0 }, clock.now() + 60);
  await act();
  await expect.poll(() => host.services.engine.state).toBe('paused');
  await host.runs.resume();
  const { folder } = await outcome;
  const line = JSON.parse(await readFile(join(folder, 'guardian.jsonl'), 'utf8'));
  expect(line.frames).toMatchObject([{ camera: 'camera', index: { t: 0, p: 0, c: 1, z: 0 } }]);
  expect(log.records.map(({ message }) => message)).toContain(
    'mda_0001: the light went out while these frames were exposed: camera t0 p0 c1 z0',
  );
});

test('where somebody sits at the terminal, a run that the guardian has paused waits for them', async () => {
  const { host, outcome, act } = await exposing();
  const told: string[] = [];
  const { signal } = new AbortController();
  const watch = new PauseWatch(await terminalOn(host), {
    err: (line) => told.push(line),
    signal,
    onFull: 'wait',
    isAttended: true,
  });
  onTestFinished(() => watch[Symbol.dispose]());
  await act();
  await expect.poll(() => told).toHaveLength(1);
  expect(told[0]).toMatch(
    /^Paused: The guardian .*, as the program did not respond for 2 s.* Enter goes on, Ctrl\+C ends it\.$/,
  );
  watch.goOn();
  expect(await outcome).toMatchObject({ exitStatus: 'success', frames: 2 });
});

// An interrupted run is made whole, and gone on with, from the window of the program that has its session open.
import { appendFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RunRecovery } from '../../src/main/host/recovery/run-recovery.ts';
import { type Host, startHost } from '../../src/main/host/start-host.ts';
import { callChannel } from '../../src/main/ipc/channel-server.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import type { EngineState } from '../../src/sdk/engine/index.ts';
import type { MdaSequence } from '../../src/sdk/plans/index.ts';
import { Signal } from '../../src/sdk/virtual/index.ts';
import { temporaryFolder } from '../host/test-host.ts';
import { hostOptionsFor } from './host-options.ts';
import { killAfter, uninterrupted } from './interrupted-run.ts';

const SEQUENCE: MdaSequence = { channels: ['FITC', 'Cy5'], time_plan: { interval: 0, loops: 24 } };
const FRAMES = 48;
vi.setConfig({ testTimeout: 120_000 });

const NEVER = new AbortController().signal;
const ask = (host: Host, channel: string, call: string, request: unknown, signal = NEVER) =>
  callChannel(host.server, channel, call, request, signal);

async function listed(host: Host): Promise<Record<string, unknown>[]> {
  const page = await ask(host, 'review', 'search', { offset: 0, limit: 10, refresh: false });
  return (page as { runs: Record<string, unknown>[] }).runs;
}

async function killed(): Promise<{ host: Host; runFolder: string; id: string; acknowledged: number; base: string }> {
  const base = join(await temporaryFolder(), 'killed');
  const { runFolder, acknowledged } = await killAfter(base, SEQUENCE, { frames: 13, delayMs: 3 });
  const host = await startHost(hostOptionsFor(join(base, 'session.yaml'), base));
  onTestFinished(() => host.close());
  return { host, runFolder, acknowledged, base, id: `${basename(dirname(runFolder))}/${basename(runFolder)}` };
}

test('an interrupted run is recovered and gone on with, and equals one that nobody interrupted', async () => {
  const { host, runFolder, id, acknowledged, base } = await killed();
  expect(await listed(host)).toMatchObject([{ id, exitStatus: null, running: false, interruption: 'unrepaired' }]);

  const told: unknown[] = [];
  const listening = host.server.channels.get('review')?.events.recovering?.connect((how) => void told.push(how));
  const recovered = (await ask(host, 'review', 'recover', { id })) as { found: number };
  listening?.[Symbol.dispose]();
  expect(recovered).toMatchObject({ state: 'repaired', lost: 0, problems: [] });
  expect(recovered.found).toBeGreaterThanOrEqual(acknowledged);
  const { found } = recovered;
  expect(told[0]).toEqual({ id, step: 'frames', done: 1, total: found });
  expect(told.at(-1)).toBeNull();
  expect(await listed(host)).toMatchObject([{ exitStatus: 'fail', interruption: 'repaired', durable: found }]);

  const ended = new Promise((resolve) => host.runs.ended.connect(resolve));
  expect(await ask(host, 'acquisition', 'goOnWith', { id })).toEqual({ name: basename(runFolder), runId: id });
  expect(await listed(host)).toMatchObject([{ running: true, interruption: null }]);
  await expect(ask(host, 'review', 'recover', { id })).rejects.toMatchObject({ code: 'recover/busy' });
  expect(await ended).toMatchObject({ exitStatus: 'success', frames: FRAMES - found, runId: id });
  expect(await listed(host)).toMatchObject([
    { exitStatus: 'success', interruption: null, frames: FRAMES, durable: FRAMES },
  ]);

  const whole = await uninterrupted(join(dirname(base), 'whole'), SEQUENCE);
  const [one, other] = await Promise.all(
    [runFolder, whole].map((run) => inspectStore(join(run, 'data.ome.zarr'), { stats: true })),
  );
  expect(one?.problems).toEqual([]);
  expect(one?.arrays).toEqual(other?.arrays);
});

test('a run goes first: a recovery is given up when one starts or who asked goes away, and can be asked for again', async () => {
  const { host, runFolder, id, acknowledged, base } = await killed();
  const gone = new AbortController();
  const asked = ask(host, 'review', 'recover', { id }, gone.signal);
  gone.abort(new Error('the window was closed'));
  await expect(asked).rejects.toThrow('the window was closed');

  const engine = { state: 'idle' as const, stateChanged: new Signal<[EngineState, EngineState]>() };
  const { loggerFor } = host.services;
  const { recoveryWorkerPath: workerPath } = hostOptionsFor(join(base, 'session.yaml'), base);
  const recovery = new RunRecovery({ workerPath, loggerFor, engine, storage: { keeps: 'runs' } });
  const going = recovery.recover(runFolder, NEVER);
  engine.stateChanged.emit('running', 'idle');
  await expect(going).rejects.toMatchObject({ code: 'recover/given-up' });

  const recovered = (await ask(host, 'review', 'recover', { id })) as { found: number };
  expect(recovered).toMatchObject({ state: 'repaired', lost: 0, problems: [] });
  expect(recovered.found).toBeGreaterThanOrEqual(acknowledged);
});

test('with a session file that was changed since, nothing is gone on with', async () => {
  const { host, runFolder, id } = await killed();
  await ask(host, 'review', 'recover', { id });
  await appendFile(join(runFolder, 'session.yaml'), '# another objective\n');
  await expect(ask(host, 'acquisition', 'goOnWith', { id })).rejects.toMatchObject({
    code: 'recover/not-resumable',
    message: expect.stringContaining('the session file has been changed since'),
  });
  for (const outside of [`../${id}`, `${dirname(id)}/..`, '2026-01-01/mda_0001']) {
    await expect(ask(host, 'acquisition', 'goOnWith', { id: outside })).rejects.toThrow();
    await expect(ask(host, 'review', 'recover', { id: outside })).rejects.toThrow();
  }
  expect(host.services.engine.state).toBe('idle');
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineState } from 'redsun/sdk/engine';
import { Signal } from 'redsun/sdk/virtual';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loggerFactory } from '../logging.ts';
import { systemClock } from '../system-clock.ts';
import { RunRecovery } from './run-recovery.ts';

const WORKER_PATH = fileURLToPath(new URL('./recovery-worker.ts', import.meta.url));
const NEVER = new AbortController().signal;
let folder: string;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redsun-test-'));
  lines = [];
});
afterEach(() => rm(folder, { recursive: true }));

function recovery(state: EngineState = 'idle') {
  const engine = { state, stateChanged: new Signal<[EngineState, EngineState]>() };
  const loggerFor = loggerFactory(systemClock, ({ message }) => void lines.push(message));
  const made = new RunRecovery({ workerPath: WORKER_PATH, loggerFor, engine, storage: { keeps: 'runs' } });
  return { engine, made };
}

test('what is being repaired is known at once, and nothing afterwards', async () => {
  const { made } = recovery();
  expect(made.path).toBeNull();
  const going = made.recover(folder, NEVER);
  expect(made.path).toBe(folder);
  await expect(made.recover(join(folder, 'other'), NEVER)).rejects.toMatchObject({ code: 'recover/busy' });
  expect(await going).toEqual({ state: 'whole', found: 0, torn: 0, lost: 0, problems: [] });
  expect(made.path).toBeNull();
  expect(lines).toEqual([expect.stringContaining('recovered: 0 frames are whole')]);
});

test('during a run nothing is repaired', async () => {
  const { made } = recovery('paused');
  await expect(made.recover(folder, NEVER)).rejects.toThrow(/now: a run is paused/);
  expect(made.path).toBeNull();
});

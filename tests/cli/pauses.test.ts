import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PauseWatch } from '../../src/main/cli/pause-watch.ts';
import { onFullOf } from '../../src/main/cli/run-command.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { msg, type Plan } from '../../src/sdk/engine/index.ts';
import { testHost } from '../host/test-host.ts';
import { fill, smallDisk } from '../recover/small-disk.ts';
import { bench, item, linesOf, type Running, SESSION } from './run-cli.ts';

// Those with a full disk need Linux and root, to mount a small file system of their own.

const LOOPS = 40;
const WHOLE_CHIP = SESSION.replace('binning: 4', 'binning: 1');
const LONG = item('mda', [], {
  sequence: { channels: [{ config: 'FITC' }], time_plan: { interval: 0.1, loops: LOOPS } },
});

/** Of the journal of the run that is going. */
async function linesIn(disk: string): Promise<number> {
  const names = (await readdir(disk, { recursive: true })).filter((name) => name.endsWith('journal.jsonl'));
  return names[0] === undefined ? 0 : (await readFile(join(disk, names[0]), 'utf8')).split('\n').length;
}

/** A run in the terminal whose disk somebody else fills meanwhile. */
async function filledRun(
  ...args: string[]
): Promise<{ running: Running; makeRoom: () => Promise<void>; disk: string }> {
  const { file, session, start } = await bench(WHOLE_CHIP);
  const disk = await smallDisk(60);
  const items = await file('items.json', LONG);
  const running = start('run', items, '--session', session, '--out', disk, '--json', ...args);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  await expect.poll(() => linesIn(disk)).toBeGreaterThan(2);
  await fill(disk, 'ballast');
  await running.said('Paused: ');
  return { running, disk, makeRoom: () => rm(join(disk, 'ballast')) };
}

test('a run whose disk is full says so in the terminal, and goes on by itself when there is room', async () => {
  const { running, makeRoom } = await filledRun('--on-full', 'wait');
  await makeRoom();
  await running.said('Goes on.');
  const { code, stdout, stderr } = await running.finished;
  expect(stderr).toContain('Make room or bring the disk back: the run goes on by itself then. Ctrl+C ends it.');
  expect(code).toBe(0);
  const [result] = linesOf(stdout);
  expect(result).toMatchObject({ exit_status: 'success' });
  const report = await inspectStore(join(String(result?.run_folder), 'data.ome.zarr'), { stats: true });
  expect(report).toMatchObject({ problems: [], arrays: [{ written_frames: LOOPS }] });
}, 60_000);

test('where nobody sits at the terminal a run whose disk is full ends, with every frame that was acknowledged', async () => {
  const { running } = await filledRun();
  const { code, stdout, stderr } = await running.finished;
  expect(code).toBe(1);
  expect(stderr).toContain('The run is aborted; with --on-full wait it would wait for room.');
  const [result] = linesOf(stdout);
  expect(result?.exit_status).not.toBe('success');
  expect(String(result?.reason)).toContain('the disk is full');
  const { problems } = await inspectStore(join(String(result?.run_folder), 'data.ome.zarr'), { stats: true });
  expect(problems).toEqual([]);
}, 60_000);

test('where somebody sits at the terminal a full disk is waited for, unless told otherwise', () => {
  expect([onFullOf(undefined, true), onFullOf(undefined, false)]).toEqual(['wait', 'abort']);
  expect([onFullOf('abort', true), onFullOf('wait', false)]).toEqual(['abort', 'wait']);
  expect(() => onFullOf('wiat', false)).toThrow('--on-full: expected wait or abort, got "wiat". Did you mean "wait"?');
});

async function watchedHost(isAttended: boolean) {
  const host = await testHost();
  const told: string[] = [];
  const { signal } = new AbortController();
  const watch = new PauseWatch(host, { err: (line) => told.push(line), signal, onFull: 'wait', isAttended });
  onTestFinished(() => watch[Symbol.dispose]());
  return { host, told, watch, engine: host.services.engine };
}

test('a plan that pauses itself says so, and Ctrl+C is named where nobody can press Enter', async () => {
  const { told, engine } = await watchedHost(false);
  function* plan(): Plan<void> {
    yield msg('checkpoint');
    yield msg('pause', null, [], { defer: false });
  }
  await engine.run(plan()).catch(() => {});
  expect(engine.state).toBe('paused');
  expect(told).toEqual(['Paused: the plan asked for it. Ctrl+C ends it.']);
  await engine.resume();
  expect(told.at(-1)).toBe('Goes on.');
});

test('a plan that is held up says by what, and that it goes on when that is over', async () => {
  const { told, engine } = await watchedHost(true);
  let letGo = () => {};
  const open = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  function* plan(): Plan<void> {
    yield msg('checkpoint');
    engine.requestSuspend({ until: () => open, justification: 'the lid of laser 488 is open' });
    yield msg('null');
  }
  const run = engine.run(plan());
  await expect.poll(() => told).toHaveLength(1);
  letGo();
  await run;
  expect(told).toEqual([
    'Held up: the lid of laser 488 is open. It goes on by itself when that is over; Ctrl+C ends it.',
    'Goes on.',
  ]);
});

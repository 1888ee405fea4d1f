import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PauseWatch } from '../../src/main/cli/pause-watch.ts';
import { onFullOf } from '../../src/main/cli/run-command.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { terminalOn } from '../host/terminal-on.ts';
import { item as planItem, QUICK_SESSION, root, temporaryFolder, testHost } from '../host/test-host.ts';
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

const PAUSING = `
import { msg } from 'redsun/sdk/engine';
import { z } from 'zod';
export const pausing = {
  name: 'pausing',
  description: 'Pauses itself.',
  parameters: z.object({}),
  *plan() {
    yield msg('checkpoint');
    yield msg('pause', null, [], { defer: false });
  },
};
`;

/** Plugins, one of which has a plan that pauses itself. */
async function withPausingPlan(): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'pausing'));
  const manifest = "name: pausing\nversion: 0.1.0\nplans:\n  pausing: './plan.ts:pausing'\n";
  await writeFile(join(folder, 'pausing', 'redsun.yaml'), manifest);
  await writeFile(join(folder, 'pausing', 'plan.ts'), PAUSING);
  return [join(root, 'plugins'), folder];
}

async function watchedHost(isAttended: boolean) {
  const host = await testHost(QUICK_SESSION, { bundleFolders: await withPausingPlan() });
  const told: string[] = [];
  const { signal } = new AbortController();
  const terminal = await terminalOn(host);
  const watch = new PauseWatch(terminal, { err: (line) => told.push(line), signal, onFull: 'wait', isAttended });
  onTestFinished(() => watch[Symbol.dispose]());
  return { host, told, watch, terminal, engine: host.services.engine };
}

test('a plan that pauses itself says so, and Ctrl+C is named where nobody can press Enter', async () => {
  const { told, terminal, engine } = await watchedHost(false);
  const { outcome } = await terminal.run(planItem('pausing', {}, []));
  await expect.poll(() => told).toEqual(['Paused: the plan asked for it. Ctrl+C ends it.']);
  expect(engine.state).toBe('paused');
  await terminal.acquisition.call('resume', undefined);
  expect(await outcome).toMatchObject({ exitStatus: 'success' });
  expect(told.at(-1)).toBe('Goes on.');
});

test('who paused a run is said, and Enter goes on with it', async () => {
  const { host, told, watch, terminal } = await watchedHost(true);
  const { outcome } = await terminal.run(planItem('count', { num: 3, delay: 0.1 }, [['camera']]));
  const other = await terminalOn(host, 'Anna');
  await expect(other.acquisition.call('pause', { defer: false })).rejects.toMatchObject({ code: 'control/held' });
  await terminal.acquisition.call('pause', { defer: false });
  await expect.poll(() => told).toEqual(['Paused: The terminal paused it. Enter goes on, Ctrl+C ends it.']);
  watch.goOn();
  expect(await outcome).toMatchObject({ exitStatus: 'success', frames: 3 });
});

test('a plan that is held up says by what, and that it goes on when that is over', async () => {
  const { told, terminal, engine } = await watchedHost(true);
  let letGo = () => {};
  const open = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { outcome } = await terminal.run(planItem('count', { num: 3, delay: 0.1 }, [['camera']]));
  engine.requestSuspend({ until: () => open, justification: 'the lid of laser 488 is open' });
  await expect.poll(() => told).toHaveLength(1);
  letGo();
  await outcome;
  expect(told).toEqual([
    'Held up: the lid of laser 488 is open. It goes on by itself when that is over; Ctrl+C ends it.',
    'Goes on.',
  ]);
});

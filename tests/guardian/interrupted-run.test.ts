import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { inspectStore } from '../../src/main/storage/catalogue/inspect.ts';
import { recoverRun } from '../../src/main/storage/recover/recover-run.ts';
import { readJournal } from '../../src/main/storage/run/journal.ts';
import { acquisitionChannel } from '../../src/shared/channels/acquisition.ts';
import { item, linesOf } from '../cli/run-cli.ts';
import { blockedFor, GUARDIAN_KILLED, type Mishap, STOPPED } from './events.ts';
import { reach } from './moments.ts';
import { isRunning } from './processes.ts';
import { type ServedMicroscope, serveMicroscope } from './served-microscope.ts';
import { WITNESS_BUNDLES, type Witness, witness } from './witness.ts';

/** Ends while the host is away: its frame is half dark. */
const EXPOSURE_MS = 2_500;

/** An exposure that something interrupts. Resolves when its run is paused. */
async function interrupted(mishap: Mishap): Promise<{ bench: Witness; microscope: ServedMicroscope }> {
  const bench = await witness();
  const microscope = await serveMicroscope(bench);
  await reach('exposure', microscope, bench.laser, EXPOSURE_MS);
  await mishap.act(microscope);
  await bench.laser.becomes(false);
  mishap.undo?.(microscope.hostPid);
  await expect.poll(microscope.acquisition).toMatchObject({ engine: 'paused' });
  return { bench, microscope };
}

async function resumed({ bridge, acquisition }: ServedMicroscope): Promise<string> {
  await bridge.channel(acquisitionChannel).call('resume', undefined);
  await expect.poll(acquisition).toMatchObject({ engine: 'idle', run: null, last: { exitStatus: 'success' } });
  return acquisition()?.last?.folder ?? '';
}

describe('a run whose light the guardian has put out', () => {
  test.each([
    { mishap: STOPPED, why: 'the program did not respond for 2 s' },
    { mishap: blockedFor(3_000), why: 'the program did not respond for 2 s' },
    { mishap: GUARDIAN_KILLED, why: 'the guardian process had died' },
  ])(
    'is paused with the reason, and takes the frame again when it is resumed ($mishap.event)',
    async ({ mishap, why }) => {
      const { bench, microscope } = await interrupted(mishap);
      await expect
        .poll(() => microscope.acquisition()?.run?.now)
        .toContain(`Paused: The guardian made everything safe, as ${why}`);
      const litBefore = (await bench.laser.changes()).filter(({ on }) => on).length;
      const folder = await resumed(microscope);
      const changes = await bench.laser.changes();
      expect(changes.filter(({ on }) => on).length).toBe(litBefore + 1);
      const [off, on] = [changes.at(-1)!, changes.at(-2)!];
      expect([off.on, on.on]).toEqual([false, true]);
      expect(off.atMs - on.atMs).toBeGreaterThanOrEqual(EXPOSURE_MS);
      // The act lies beside the journal, and nobody stumbles over it.
      const acts = linesOf(await readFile(join(folder, 'guardian.jsonl'), 'utf8'));
      expect(acts).toMatchObject([{ devices: [{ device: 'laser', outcome: 'confirmed' }, {}] }]);
      expect(await inspectStore(join(folder, 'data.ome.zarr'), { stats: true })).toMatchObject({
        problems: [],
        arrays: [{ written_frames: 1 }],
      });
      process.kill(microscope.hostPid, 'SIGTERM');
      await expect.poll(() => isRunning(microscope.hostPid)).toBe(false);
      expect(await recoverRun(folder, { writes: false, clock: systemClock })).toMatchObject({
        state: 'whole',
        problems: [],
      });
      const lines = (await readJournal(join(folder, 'journal.jsonl')))?.lines ?? [];
      expect(1000 * (lines.at(-1)?.time ?? 0)).toBeGreaterThan(on.atMs);
    },
  );
});

test('in a terminal where nobody sits, a run that the guardian has paused ends with the reason', async () => {
  const { terminal, laser } = await witness();
  const sequence = { channels: [{ config: 'TRITC', exposure: EXPOSURE_MS }] };
  const items = await terminal.file('items.json', item('mda', [], { sequence }));
  const run = terminal.startIn(
    { REDSUN_PLUGINS: WITNESS_BUNDLES },
    ...['run', items, '--session', terminal.session, '--out', terminal.out, '--json'],
  );
  await laser.becomes(true);
  run.child.kill('SIGSTOP');
  await laser.becomes(false);
  run.child.kill('SIGCONT');
  const { code, stdout, stderr } = await run.finished;
  expect(stderr).toContain('Nobody is at the terminal: the run is aborted.');
  expect(linesOf(stdout)).toMatchObject([
    { exit_status: 'abort', reason: expect.stringMatching(/did not respond for 2 s: safe: laser/) },
  ]);
  expect(code).toBe(1);
});

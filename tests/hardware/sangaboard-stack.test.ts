import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DRIVERS } from '../../src/main/app/drivers.ts';
import { simulateAt } from '../../src/main/drivers/serial/sangaboard/simulator-port.ts';
import { inProcessLinks } from '../../src/main/guardian/testing/in-process-guardian.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import type { NamedDocument } from '../../src/sdk/events/index.ts';
import { item, root, testHost } from '../host/test-host.ts';
import { openTerminalPair } from './terminal-pair.ts';

test('a z-stack driven by the Sangaboard over a serial port: positions that the board read back are in the documents', async () => {
  await using terminals = await openTerminalPair();
  const [boardEnd, hostEnd] = terminals.paths;
  const board = await simulateAt(boardEnd, { clock: systemClock });
  try {
    const example = await readFile(join(root, 'sessions', 'sangaboard-z.yaml'), 'utf8');
    const session = example.replace('/dev/ttyACM0', hostEnd).replace('size_px: 1024', 'size_px: 512');
    const host = await testHost(session, {
      drivers: DRIVERS,
      startGuardian: () => inProcessLinks({ clock: systemClock }).client,
    });
    expect(host.services.roster.states.get('z')?.state.kind).toBe('ready');
    const documents: NamedDocument[] = [];
    host.services.engine.subscribe((name, doc) => documents.push({ name, doc } as NamedDocument));

    const sequence = { channels: [{ config: 'FITC', exposure: 10 }], z_plan: { range: 20, step: 4 } };
    const outcome = await host.runs.runToEnd(item('mda', { sequence }));

    expect(outcome).toMatchObject({ exitStatus: 'success', frames: 6 });
    const events = documents.flatMap((document) => (document.name === 'event' ? [document.doc.data] : []));
    expect(events.map((data) => data.z)).toEqual([-10, -6, -2, 2, 6, 10]);
    expect(events.map((data) => data.z_setpoint)).toEqual([-10, -6, -2, 2, 6, 10]);
    const journal = (await readFile(join(outcome.folder, 'journal.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(journal.map(({ read }) => read.z)).toEqual([-10, -6, -2, 2, 6, 10]);
    // The focus is back where the operator had it.
    expect(board.simulator.position[2]).toBe(0);
    await host.close();
  } finally {
    board.close();
  }
});

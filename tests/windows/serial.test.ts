import { rm, symlink } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { simulateAt } from '../../src/main/drivers/serial/sangaboard/simulator-port.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { item, linesOf } from '../cli/run-cli.ts';
import { openTerminalPair } from '../hardware/terminal-pair.ts';
import { SESSION, windowsBench } from './windows-bench.ts';

test('a focus drive at a COM port takes the planes of a stack', async () => {
  await using pair = await openTerminalPair();
  const board = await simulateAt(pair.paths[0], { clock: systemClock });
  onTestFinished(() => board.close());
  const bench = await windowsBench(
    SESSION.replace(
      /\{plugin_name: sim-microscope, plugin_id: z-stage.*\}/,
      '{plugin_name: redsun, plugin_id: sangaboard-axis, port: COM5, axis: z, steps_per_um: 20, low_um: -500, high_um: 500}',
    ),
  );
  const link = join(bench.devices, 'com5');
  await rm(link, { force: true });
  await symlink(pair.paths[1], link);
  onTestFinished(() => rm(link, { force: true }));
  const sequence = { z_plan: { relative: [0, 2, 4] } };
  const items = await bench.file('items.json', [item('mda', [], { sequence })]);
  const out = win32.join(bench.folder, 'data');
  const session = win32.join(bench.folder, 'session.yaml');
  const { code, stdout, stderr } = await bench.redsun('run', items, '--session', session, '--out', out, '--json');
  expect(code, stderr).toBe(0);
  expect(linesOf(stdout)).toMatchObject([{ exit_status: 'success' }]);
});

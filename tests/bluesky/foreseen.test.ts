// A batch is checked as a whole before it starts: relative plans count from where the items before them will leave the motors.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Foreseen } from '../../src/main/host/plans/plan-registry.ts';
import { checkItem } from '../../src/main/host/run/check-item.ts';
import { item, root, testHost } from '../host/test-host.ts';

const LIMITED = '  lim: {plugin_name: bluesky-sim, plugin_id: limit-motor, start_um: 8}\n';

async function checked(...items: (readonly [name: string, ...args: unknown[]])[]): Promise<string[]> {
  const session = await readFile(join(root, 'plugins/bluesky-sim/session.yaml'), 'utf8');
  const host = await testHost(session.replace('devices:\n', `devices:\n${LIMITED}`));
  const foreseen: Foreseen = new Map();
  return items.map(([name, ...args]) => {
    try {
      checkItem(host.services, item(name, {}, args), foreseen);
      return 'good';
    } catch (error) {
      return (error as Error).message;
    }
  });
}

const REL = ['rel_scan', ['det'], 'lim', 0, 5, 2] as const;

test('a relative plan is good that will be within the limits after the move before it', async () => {
  expect(await checked(['mv', 'lim', 0], REL)).toEqual(['good', 'good']);
});

test('a relative plan is refused that will be out of the limits after the move before it', async () => {
  const [, , told] = await checked(['mv', 'lim', 0], ['mvr', 'lim', 6], REL);
  expect(told).toBe('rel_scan: args[0] (lim): 11 µm is outside its limits, -10 to 10 µm');
});

test('a relative scan leaves its motors where they were', async () => {
  expect(await checked(['mv', 'lim', 4], REL, REL)).toEqual(['good', 'good', 'good']);
});

test('after a plan whose end nobody can foresee the motor itself has to watch its limits', async () => {
  const tune = ['tune_centroid', ['peak'], 'peak', 'lim', -5, 5, 0.1] as const;
  expect(await checked(tune, REL, ['mv', 'lim', 11])).toEqual([
    'good',
    'good',
    'mv: args[0] (lim): 11 µm is outside its limits, -10 to 10 µm',
  ]);
});

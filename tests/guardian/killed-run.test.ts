import { expect, test } from 'vitest';
import { item } from '../cli/run-cli.ts';
import { WITNESS_BUNDLES, witness } from './witness.ts';

test('a run that is killed in an exposure leaves no light on', async () => {
  const { terminal, laser } = await witness();
  const sequence = { channels: [{ config: 'TRITC', exposure: 9000 }] };
  const items = await terminal.file('items.json', item('mda', [], { sequence }));
  const run = terminal.startIn(
    { REDSUN_PLUGINS: WITNESS_BUNDLES },
    'run',
    items,
    '--session',
    terminal.session,
    '--out',
    terminal.out,
  );
  await laser.becomes(true);
  const killedMs = Date.now();
  run.child.kill('SIGKILL');
  const { atMs } = await laser.becomes(false);
  expect(atMs - killedMs).toBeLessThan(2500);
});

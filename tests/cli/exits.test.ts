import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { builtCli, nodeBinary } from './built-cli.ts';
import { bench, item } from './run-cli.ts';

/** Exposures that take long, so that signals find a run. */
const LONG = { channels: [{ config: 'FITC', exposure: 9000 }], time_plan: { interval: 0, loops: 9 } };

async function exposing(...more: string[]) {
  const terminal = await bench();
  const items = await terminal.file('items.json', item('mda', [], { sequence: LONG }));
  const run = terminal.start('run', items, '--session', terminal.session, '--out', terminal.out, '--json', ...more);
  await run.said('light is on');
  return { terminal, run };
}

describe('a run', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'is aborted by %s, with its clean-up',
    async (signal) => {
      const { run } = await exposing();
      run.child.kill(signal);
      const { code, stdout } = await run.finished;
      expect(JSON.parse(stdout)).toMatchObject({ exit_status: 'abort', reason: 'Interrupted' });
      expect(code).toBe(130);
    },
  );

  test('does not mind SIGUSR2', async () => {
    const { run } = await exposing();
    run.child.kill('SIGUSR2');
    run.child.kill('SIGTERM');
    expect(JSON.parse((await run.finished).stdout)).toMatchObject({ exit_status: 'abort' });
  });

  test('goes on when nobody reads what it says any more', async () => {
    const terminal = await bench();
    const sequence = { channels: [{ config: 'FITC' }], time_plan: { interval: 0, loops: 3 } };
    const items = await terminal.file('items.json', item('mda', [], { sequence }));
    const run = terminal.start('run', items, '--session', terminal.session, '--out', terminal.out, '--json');
    run.child.stdout?.destroy();
    run.child.stderr?.destroy();
    expect((await run.finished).code).toBe(0);
    expect(await terminal.runs()).toHaveLength(1);
  });
});

test('a server whose parent has gone ends, and leaves no orphan', async () => {
  const terminal = await bench();
  const parent = spawn(nodeBinary, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const server = terminal.startIn(
    { REDSUN_PARENTS: String(parent.pid) },
    'serve',
    terminal.session,
    '--out',
    terminal.out,
  );
  await server.said('Redsun serves');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const { stderr } = await server.finished;
  expect(stderr).toContain('What started this program is gone');
});

test('a program that is ended from within does not exit 0', async () => {
  const terminal = await bench();
  const items = await terminal.file('items.json', item('mda', [], { sequence: LONG }));
  const early = `data:text/javascript,${encodeURIComponent('setTimeout(() => process.exit(0), 1500)')}`;
  const child = spawn(
    nodeBinary,
    ['--import', early, await builtCli(), 'run', items, '--session', terminal.session, '--out', terminal.out],
    { env: { ...process.env, HOME: terminal.folder, REDSUN_PLUGINS: terminal.plugins }, stdio: 'ignore' },
  );
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
});

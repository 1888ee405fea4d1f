import { expect, test } from 'vitest';
import { bench } from './run-cli.ts';

test('a second program on the same microscope is refused before it touches anything, though it saves elsewhere', async () => {
  const terminal = await bench();
  const first = terminal.start('serve', terminal.session, '--out', terminal.out);
  await first.said('Redsun serves');
  const second = await terminal.redsun('serve', terminal.session, '--out', `${terminal.out}-2`);
  expect(second.code).toBe(2);
  expect(second.stderr).toContain(`${terminal.session} of session "test" is in use by process ${first.child.pid}`);
  expect(second.stderr).toMatch(/End that program first \(lock file: .*\.lock\)/);
  expect(second.stderr).not.toContain('light is');
  first.child.kill('SIGTERM');
  await first.finished;
  const third = terminal.start('serve', terminal.session, '--out', `${terminal.out}-2`);
  await third.said('Redsun serves');
});

test('the lock of a program that was killed holds nobody up', async () => {
  const terminal = await bench();
  const first = terminal.start('serve', terminal.session, '--out', terminal.out);
  await first.said('Redsun serves');
  first.child.kill('SIGKILL');
  await first.finished;
  const second = terminal.start('serve', terminal.session, '--out', terminal.out);
  await second.said('Redsun serves');
});

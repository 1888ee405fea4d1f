import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('work on one thing waits for what was asked before, also when that fails; on another it does not', async () => {
  const turns = new Turns<string>();
  let fail = (_error: Error) => {};
  const first = new Promise<void>((_resolve, reject) => {
    fail = reject;
  });
  const done: string[] = [];
  const work = (name: string, until?: Promise<void>) => async () => {
    await until;
    done.push(name);
  };
  const failing = turns.take('a', work('never', first));
  const second = turns.take('a', work('second'));
  await turns.take('b', work('other'));
  expect(done).toEqual(['other']);
  fail(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  await second;
  expect(done).toEqual(['other', 'second']);
  expect(turns.isEmpty).toBe(true);
});

import { expect, test } from 'vitest';
import { Lending } from './lending.ts';

test('who finds none waits until one is given back, first come, first served', async () => {
  const lending = new Lending(['a', 'b']);
  const [one, other] = [await lending.take(), await lending.take()];
  expect([one, other].sort()).toEqual(['a', 'b']);
  const order: string[] = [];
  const waiting = ['first', 'second'].map((name) =>
    lending.take().then((thing) => void order.push(`${name} ${thing}`)),
  );
  lending.giveBack(one);
  lending.giveBack(other);
  await Promise.all(waiting);
  expect(order).toEqual([`first ${one}`, `second ${other}`]);
});

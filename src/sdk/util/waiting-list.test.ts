import { expect, test } from 'vitest';
import { WaitingList } from './waiting-list.ts';

const { signal: never } = new AbortController();

test('waits until it is true, and no longer', async () => {
  const list = new WaitingList();
  let count = 0;
  await list.until(() => count === 0, never);
  const done: number[] = [];
  const waits = [3, 1, 2].map((due) => list.until(() => count >= due, never).then(() => done.push(due)));
  for (count of [1, 2]) list.look();
  await waits[2];
  expect(done).toEqual([1, 2]);
  count = 3;
  list.look();
  await Promise.all(waits);
  expect(done).toEqual([1, 2, 3]);
});

test('one who gives up leaves the others alone, and hears why', async () => {
  const list = new WaitingList();
  const impatient = new AbortController();
  let isThere = false;
  const gaveUp = list.until(() => isThere, impatient.signal);
  const waits = list.until(() => isThere, never);
  impatient.abort(new Error('enough'));
  await expect(gaveUp).rejects.toThrow('enough');
  await expect(list.until(() => true, impatient.signal)).rejects.toThrow('enough');
  isThere = true;
  list.look();
  await waits;
});

test('what fails is told to those who wait now, and not to who comes later', async () => {
  const list = new WaitingList();
  let isThere = false;
  const waits = list.until(() => isThere, never);
  list.fail(new Error('gone'));
  await expect(waits).rejects.toThrow('gone');
  const later = list.until(() => isThere, never);
  isThere = true;
  list.look();
  await later;
});

test('keeps nothing of those who have gone, and listens to their signals no more', async () => {
  const list = new WaitingList();
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = ((...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  }) as typeof signal.addEventListener;
  signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  }) as typeof signal.removeEventListener;
  let looks = 0;
  const waits = list.until(() => ++looks > 1, signal);
  expect(listeners).toBe(1);
  list.look();
  await waits;
  list.look();
  expect([listeners, looks]).toEqual([0, 2]);
});

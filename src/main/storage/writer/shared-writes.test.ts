import { expect, test } from 'vitest';
import { SharedWrites } from './shared-writes.ts';

/** Writes that the test lets end, one by one. */
function recordedWrites() {
  const writes: {
    readonly changes: readonly number[];
    readonly end: () => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const shared = new SharedWrites<number>(
    (changes) => new Promise<void>((end, fail) => void writes.push({ changes, end, fail })),
  );
  return { writes, shared };
}

test('changes that come together share a write, those that come while it is made the next one', async () => {
  const { writes, shared } = recordedWrites();
  const together = [1, 2].map((change) => shared.commit(change));
  await expect.poll(() => writes.length).toBe(1);
  const later = [3, 4].map((change) => shared.commit(change));
  writes[0]?.end();
  await Promise.all(together);
  await expect.poll(() => writes.length).toBe(2);
  writes[1]?.end();
  await Promise.all(later);
  expect(writes.map(({ changes }) => changes)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('a write that fails fails for its own changes only', async () => {
  const { writes, shared } = recordedWrites();
  const first = shared.commit(1);
  await expect.poll(() => writes.length).toBe(1);
  const second = shared.commit(2);
  writes[0]?.fail(new Error('the disk is full'));
  await expect(first).rejects.toThrow('the disk is full');
  await expect.poll(() => writes.length).toBe(2);
  writes[1]?.end();
  await second;
});

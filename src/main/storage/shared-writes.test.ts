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

test('changes that come while one is written share the next write', async () => {
  const { writes, shared } = recordedWrites();
  const commits = [1, 2, 3].map((change) => shared.commit(change));
  writes[0]?.end();
  await commits[0];
  await expect.poll(() => writes.length).toBe(2);
  writes[1]?.end();
  await Promise.all(commits);
  expect(writes.map(({ changes }) => changes)).toEqual([[1], [2, 3]]);
});

test('a write that fails fails for its own changes only', async () => {
  const { writes, shared } = recordedWrites();
  const [first, second] = [shared.commit(1), shared.commit(2)];
  writes[0]?.fail(new Error('the disk is full'));
  await expect(first).rejects.toThrow('the disk is full');
  await expect.poll(() => writes.length).toBe(2);
  writes[1]?.end();
  await second;
});

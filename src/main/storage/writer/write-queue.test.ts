import { expect, test } from 'vitest';
import { WriteQueue } from './write-queue.ts';

/** Notes what is written and closed; the test lets writes end, one by one. */
function recorder() {
  const log: string[] = [];
  const ends: { readonly end: () => void; readonly fail: (error: Error) => void }[] = [];
  const queue = new WriteQueue({
    write: (path, pieces, position) => {
      log.push(`${path} ${position}: ${pieces.map(({ byteLength }) => byteLength).join(' + ')}`);
      return new Promise((end, fail) => void ends.push({ end, fail }));
    },
    close: (path) => void log.push(`close ${path}`),
  });
  const next = async () => {
    await expect.poll(() => ends.length).toBeGreaterThan(0);
    return ends.shift() as (typeof ends)[number];
  };
  return { queue, log, next };
}

const bytes = (length: number) => new Uint8Array(length);

test('pieces that wait and lie side by side become one write', async () => {
  const { queue, log, next } = recorder();
  const all = [
    queue.write('/a', bytes(10), 0),
    queue.write('/a', bytes(20), 10),
    queue.write('/a', bytes(5), 30),
    queue.write('/a', bytes(5), 100),
    queue.write('/b', bytes(5), 105),
  ];
  for (let writes = 0; writes < 4; writes++) (await next()).end();
  expect(await Promise.all(all)).toEqual([null, null, null, null, null]);
  expect(log).toEqual(['/a 0: 10', '/a 10: 20 + 5', '/a 100: 5', '/b 105: 5']);
});

test('a write does not grow without end', async () => {
  const { queue, log, next } = recorder();
  const megabyte = 1024 * 1024;
  const all = Array.from({ length: 7 }, (_, at) => queue.write('/a', bytes(megabyte), at * megabyte));
  for (let writes = 0; writes < 3; writes++) (await next()).end();
  await Promise.all(all);
  expect(log.map((line) => line.split('+').length)).toEqual([1, 4, 2]);
});

test('a fault is told of each piece of the write, the file is opened anew, and the next are written', async () => {
  const { queue, log, next } = recorder();
  const all = [
    queue.write('/b', bytes(1), 0),
    queue.write('/a', bytes(1), 0),
    queue.write('/a', bytes(1), 1),
    queue.write('/a', bytes(1), 9),
  ];
  (await next()).end();
  const error = new Error('the disk is full');
  (await next()).fail(error);
  (await next()).end();
  expect(await Promise.all(all)).toEqual([null, { error }, { error }, null]);
  expect(log).toEqual(['/b 0: 1', '/a 0: 1 + 1', 'close /a', '/a 9: 1']);
});

test('a file is let go of behind what was asked for before', async () => {
  const { queue, log, next } = recorder();
  const written = queue.write('/a', bytes(1), 0);
  queue.close('/a');
  const again = queue.write('/a', bytes(1), 1);
  (await next()).end();
  await written;
  (await next()).end();
  await again;
  expect(log).toEqual(['/a 0: 1', 'close /a', '/a 1: 1']);
});

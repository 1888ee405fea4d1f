import type { Document, DocumentName } from 'redsun/sdk/events';
import { ManualClock } from 'redsun/sdk/testing';
import { RedsunError } from 'redsun/sdk/util';
import { expect, test } from 'vitest';
import type { DocumentSink } from './document-sink.ts';
import { DocumentSpool } from './document-spool.ts';

const doc = (n: number) => ({ n }) as unknown as Document;

/** A sink that does as it is told, and remembers what it took. */
function sinkThat(behave: (name: DocumentName, n: number) => void | Promise<void>) {
  const took: number[] = [];
  const told: string[] = [];
  const tell = (message: string) => void told.push(message);
  const clock = new ManualClock();
  const sink: DocumentSink = {
    name: 'broker',
    write(name, document) {
      const { n } = document as unknown as { n: number };
      const taken = behave(name, n);
      if (!(taken instanceof Promise)) return void took.push(n);
      return taken.then(() => void took.push(n));
    },
    flush: () => {},
  };
  const logger = { info: tell, warning: tell, error: tell };
  return {
    took,
    told,
    clock,
    spool: (most?: number) => new DocumentSpool(sink, { clock, logger, ...(most ? { mostDocuments: most } : {}) }),
  };
}

test('a sink that takes documents at once has them at once', () => {
  const { took, spool } = sinkThat(() => {});
  const spooled = spool();
  for (const n of [1, 2, 3]) spooled.offer('event', doc(n));
  expect(took).toEqual([1, 2, 3]);
  expect(spooled.size).toBe(0);
});

test('a sink that fails gets each document again, in order; whoever offers hears nothing of it', async () => {
  let isDown = true;
  const { took, told, clock, spool } = sinkThat((_name, n) => {
    if (isDown && n > 1) throw new Error('connection refused');
  });
  const spooled = spool();
  for (const n of [1, 2, 3]) spooled.offer('event', doc(n));
  expect(took).toEqual([1]);
  await clock.advance(60_000);
  spooled.offer('event', doc(4));
  isDown = false;
  await clock.advance(10_000);
  expect(took).toEqual([1, 2, 3, 4]);
  expect(told).toEqual([
    'broker takes no documents: connection refused. They are kept for it',
    'broker takes documents again; none was lost',
  ]);
});

test('a slow sink is never asked for two at once, and the order stays', async () => {
  const { took, clock, spool } = sinkThat(async () => clock.sleep(10));
  const spooled = spool();
  for (const n of [1, 2, 3]) spooled.offer('event', doc(n));
  expect(took).toEqual([]);
  await clock.advance(100);
  expect(took).toEqual([1, 2, 3]);
});

test('a sink that is gone for long costs a bounded memory; what names a run is kept, and what was lost is counted', async () => {
  let isDown = true;
  const { took, told, clock, spool } = sinkThat(() => {
    if (isDown) throw new Error('no route');
  });
  const spooled = spool(5);
  spooled.offer('start', doc(0));
  spooled.offer('descriptor', doc(1));
  for (let n = 2; n < 100; n++) spooled.offer('event', doc(n));
  spooled.offer('stop', doc(100));
  expect(spooled.size).toBe(5);
  isDown = false;
  await clock.advance(20_000);
  expect(took).toEqual([0, 1, 98, 99, 100]);
  expect(told.at(-1)).toBe('broker takes documents again; 96 were lost to it');
});

test('a document that is refused for ever does not hold up those behind it', () => {
  const { took, told, spool } = sinkThat((_name, n) => {
    if (n === 2) throw new RedsunError('document/refused', 'too large');
  });
  const spooled = spool();
  for (const n of [1, 2, 3]) spooled.offer('event', doc(n));
  expect(took).toEqual([1, 3]);
  expect(told).toEqual(['broker refuses a document (event): too large']);
});

test('a flush tries at once, and says why when it is in vain', async () => {
  let isDown = true;
  const { took, spool } = sinkThat(() => {
    if (isDown) throw new Error('down');
  });
  const spooled = spool();
  spooled.offer('stop', doc(1));
  await expect(spooled.flush()).rejects.toThrow('down');
  isDown = false;
  await spooled.flush();
  expect(took).toEqual([1]);
});

import type { DocumentCallback, RunStart } from 'redsun/sdk/events';
import { VirtualContainer } from 'redsun/sdk/virtual';
import { expect, test } from 'vitest';
import { subscribeCallbacks } from './document-callbacks.ts';
import { loggerFactory } from './logging.ts';
import { systemClock } from './system-clock.ts';

/** An engine that only hands documents on, and a clock that goes when it is told to. */
function bench(call: (advanceMs: (ms: number) => void) => unknown) {
  let nowMs = 0;
  const timers = new Map<() => void, number>();
  const clock = {
    monotonicMs: () => nowMs,
    setTimeout: (action: () => void, delayMs: number) => {
      timers.set(action, nowMs + delayMs);
      return { [Symbol.dispose]: () => void timers.delete(action) };
    },
  };
  const advanceMs = (ms: number) => {
    nowMs += ms;
    for (const [action, atMs] of [...timers]) {
      if (atMs > nowMs) continue;
      timers.delete(action);
      action();
    }
  };
  const subscribed = new Map<number, DocumentCallback>();
  const engine = {
    subscribe: (callback: DocumentCallback) => subscribed.set(subscribed.size, callback).size - 1,
    unsubscribe: (token: number) => void subscribed.delete(token),
  };
  const lines: string[] = [];
  const loggerFor = loggerFactory(systemClock, ({ source, message }) => lines.push(`${source}: ${message}`));
  const container = new VirtualContainer();
  let documents = 0;
  container.registerCallbacks({
    name: 'tally',
    onDocument: (_name: string, _document: unknown) => {
      documents++;
      return call(advanceMs);
    },
  } as never);
  subscribeCallbacks(container, engine, { clock, loggerFor });
  const emit = () => {
    for (const callback of [...subscribed.values()]) callback('start', {} as RunStart);
  };
  return { emit, advanceMs, lines, documents: () => documents };
}

test('a callback that holds everything up is named and gets no more documents', () => {
  const { emit, lines, documents } = bench((advanceMs) => advanceMs(2_500));
  emit();
  emit();
  expect(documents()).toBe(1);
  expect(lines).toEqual([
    'tally: Left behind: a document (start) took it 2500 ms, and everything waited. It gets no more documents in this session',
  ]);
});

test('a callback that does not keep its promise gets no more documents', () => {
  const { emit, advanceMs, lines, documents } = bench(() => new Promise(() => {}));
  emit();
  emit();
  advanceMs(5_000);
  emit();
  expect(documents()).toBe(2);
  expect(lines).toEqual([
    'tally: Left behind: it has not finished a document (start) in 5000 ms. It gets no more documents in this session',
  ]);
});

test('a callback that takes its time, and keeps its promise, goes on', async () => {
  const { emit, advanceMs, lines, documents } = bench(async () => {});
  emit();
  await Promise.resolve()
    .then(() => {})
    .then(() => {});
  advanceMs(60_000);
  emit();
  expect({ lines, documents: documents() }).toEqual({ lines: [], documents: 2 });
});

test('a callback that throws is named, goes on getting documents, and nobody else notices', () => {
  const { emit, lines, documents } = bench(() => {
    throw new Error('no such column');
  });
  emit();
  emit();
  expect(documents()).toBe(2);
  expect(lines).toEqual(Array(2).fill('tally: Failed with a document (start): no such column'));
});

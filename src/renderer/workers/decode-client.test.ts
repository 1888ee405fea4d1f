import { RedsunError } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import { FakeBridge } from '../testing/fake-bridge.ts';
import { createDecoder, type WorkerPort } from './decode-client.ts';
import type { FromDecoder, ToDecoder } from './decode-messages.ts';

/** A worker whose side of the talk is written by the test. */
class ScriptedWorker implements WorkerPort {
  readonly got: ToDecoder[] = [];
  terminated = false;
  #onMessage: (message: FromDecoder) => void = () => {};
  #onError: (message: string) => void = () => {};
  postMessage(message: ToDecoder): void {
    this.got.push(message);
  }
  onMessage(listener: (message: FromDecoder) => void): void {
    this.#onMessage = listener;
  }
  onError(listener: (message: string) => void): void {
    this.#onError = listener;
  }
  terminate(): void {
    this.terminated = true;
  }
  say(message: FromDecoder): void {
    this.#onMessage(message);
  }
  fail(message: string): void {
    this.#onError(message);
  }
}

function started(answers: ConstructorParameters<typeof FakeBridge>[0] = {}) {
  const workers: ScriptedWorker[] = [];
  const decoder = createDecoder(new FakeBridge(answers), () => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker;
  });
  return { decoder, workers };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const read = { kind: 'read', id: 7, storeId: 's', key: '0/c/0', range: { suffix: 4 } } as const;

describe('decoder', () => {
  test('starts no worker before a store is opened', () => {
    expect(started().workers).toHaveLength(0);
  });

  test('fetches the bytes that the worker asks for, without the message they came in', async () => {
    const message = Uint8Array.from([9, 9, 1, 2, 3]);
    const { decoder, workers } = started({ 'review.read': () => ({ bytes: message.subarray(2) }) });
    void decoder.open('s').catch(() => {});
    workers[0]?.say(read);
    await settled();
    const answer = workers[0]?.got[1];
    expect(answer).toMatchObject({ kind: 'bytes', id: 7, bytes: Uint8Array.from([1, 2, 3]) });
    expect(answer?.kind === 'bytes' && answer.bytes?.buffer.byteLength).toBe(3);
  });

  test('tells the worker why bytes cannot be had', async () => {
    const { decoder, workers } = started({
      'review.read': () => {
        throw new RedsunError('store/path-escape', 'leads out of the store');
      },
    });
    void decoder.open('s').catch(() => {});
    workers[0]?.say(read);
    await settled();
    expect(workers[0]?.got[1]).toMatchObject({ kind: 'refused', id: 7, failure: { code: 'store/path-escape' } });
  });

  test('a failure of the worker keeps its code', async () => {
    const { decoder, workers } = started();
    const plane = decoder.plane({ storeId: 's', image: 0, level: 0, indices: {} });
    workers[0]?.say({ kind: 'failed', id: 1, failure: { code: 'store/bad-index', message: 'checksum' } });
    await expect(plane).rejects.toMatchObject({ code: 'store/bad-index', message: 'checksum' });
  });

  test('a worker that dies fails what waits for it, and the next question starts another', async () => {
    const { decoder, workers } = started();
    const opening = decoder.open('s');
    workers[0]?.fail('out of memory');
    await expect(opening).rejects.toMatchObject({ code: 'store/decoder-failed' });
    expect(workers[0]?.terminated).toBe(true);
    void decoder.open('s').catch(() => {});
    expect(workers).toHaveLength(2);
  });

  test('a plane that nobody wants any more is given up, down to the bytes that are on their way', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const { decoder, workers } = started({
      'review.read': (_request, options) => {
        signals.push(options?.signal);
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const plane = decoder.plane({ storeId: 's', image: 0, level: 0, indices: {} }, controller.signal);
    workers[0]?.say(read);
    await settled();
    controller.abort(new Error('another plane'));
    await expect(plane).rejects.toThrow('another plane');
    expect(workers[0]?.got.at(-1)).toMatchObject({ kind: 'cancel' });
    expect(signals[0]?.aborted).toBe(false);
    workers[0]?.say({ kind: 'give-up', id: read.id });
    expect(signals[0]?.aborted).toBe(true);
  });
});

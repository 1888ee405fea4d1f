import { ManualClock } from 'redsun/sdk/testing';
import { toDisposable } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import type { BytePort } from './byte-port.ts';
import type { Exchange } from './line-link.ts';
import { createSerialLinks } from './serial-link.ts';

/** A port whose other end is the test. */
class FakePort implements BytePort {
  readonly written: string[] = [];
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #close = new Set<(reason: Error | null) => void>();

  write(bytes: Uint8Array): void {
    this.written.push(new TextDecoder().decode(bytes));
  }
  onData(listener: (bytes: Uint8Array) => void): Disposable {
    this.#data.add(listener);
    return toDisposable(() => this.#data.delete(listener));
  }
  onClose(listener: (reason: Error | null) => void): Disposable {
    this.#close.add(listener);
    return toDisposable(() => this.#close.delete(listener));
  }
  async close(): Promise<void> {
    this.lose(null);
  }
  say(text: string): void {
    for (const listener of this.#data) listener(new TextEncoder().encode(text));
  }
  lose(reason: Error | null): void {
    for (const listener of [...this.#close]) listener(reason);
  }
}

async function openFake() {
  const clock = new ManualClock();
  const ports: FakePort[] = [];
  const exchanges: Exchange[] = [];
  const links = createSerialLinks({
    clock,
    onExchange: (exchange) => exchanges.push(exchange),
    openPort: async () => {
      const port = new FakePort();
      ports.push(port);
      return port;
    },
  });
  const options = { kind: 'serial', path: '/dev/ttyFAKE0', baudRate: 115_200, lineEnd: '\n' } as const;
  const link = await links.open(options, 'z');
  return { clock, links, link, options, port: ports[0]!, ports, exchanges };
}

describe('a serial link', () => {
  test('sends a line and resolves with the answer, however it is cut up, without its line end', async () => {
    const { clock, exchanges, link, port } = await openFake();
    const answer = link.query('p?', { timeoutMs: 100 });
    await clock.advance(1);
    port.say('1 2');
    port.say(' 3\r');
    port.say('\n');
    expect(await answer).toBe('1 2 3');
    expect(port.written).toEqual(['p?\n']);
    expect(exchanges).toMatchObject([{ owner: 'z', sent: 'p?', received: '1 2 3', error: null, durationMs: 1 }]);
  });

  test('asks the next question when the last one is answered', async () => {
    const { clock, link, port } = await openFake();
    const [first, second] = [link.query('a', { timeoutMs: 100 }), link.query('b', { timeoutMs: 100 })];
    await clock.advance(90);
    expect(port.written).toEqual(['a\n']);
    port.say('A\n');
    expect(await first).toBe('A');
    await clock.advance(90);
    expect(port.written).toEqual(['a\n', 'b\n']);
    port.say('B\n');
    expect(await second).toBe('B');
  });

  test('a question without an answer fails in time, names it, and the next one goes on', async () => {
    const { clock, exchanges, link, port } = await openFake();
    const lost = link.query('moving?', { timeoutMs: 250 });
    const next = link.query('p?', { timeoutMs: 250 });
    next.catch(() => {});
    const failure = expect(lost).rejects.toMatchObject({
      code: 'link/timeout',
      message: '/dev/ttyFAKE0: no answer to "moving?" in 250 ms',
    });
    await clock.advance(250);
    await failure;
    port.say('0 0 0\n');
    expect(await next).toBe('0 0 0');
    expect(exchanges[0]).toMatchObject({ received: null, error: '/dev/ttyFAKE0: no answer to "moving?" in 250 ms' });
  });

  test('an answer that comes too late is not taken for that of the next question', async () => {
    const { clock, link, port } = await openFake();
    const lost = link.query('moving?', { timeoutMs: 10 });
    lost.catch(() => {});
    await clock.advance(20);
    port.say('true\n');
    const next = link.query('p?', { timeoutMs: 10 });
    await clock.advance(1);
    port.say('1 1 1\n');
    expect(await next).toBe('1 1 1');
  });

  test('a port that goes away fails what waits and what comes, at once', async () => {
    const { clock, link, port } = await openFake();
    const waiting = link.query('p?', { timeoutMs: 1000 });
    const failure = expect(waiting).rejects.toMatchObject({ code: 'link/lost' });
    await clock.advance(1);
    port.lose(new Error('unplugged'));
    await failure;
    await expect(link.query('p?', { timeoutMs: 1000 })).rejects.toThrow('/dev/ttyFAKE0: the port is gone: unplugged');
  });

  test('a question can be given up', async () => {
    const { clock, link } = await openFake();
    const controller = new AbortController();
    const waiting = link.query('p?', { timeoutMs: 1000, signal: controller.signal });
    const failure = expect(waiting).rejects.toThrow('enough');
    await clock.advance(1);
    controller.abort(new Error('enough'));
    await failure;
    expect(clock.pending).toBe(0);
  });

  test('a port has one owner, until it is closed', async () => {
    const { link, links, options, ports } = await openFake();
    await expect(links.open(options, 'xy')).rejects.toThrow('/dev/ttyFAKE0: xy cannot open it, as z has it');
    await link.close();
    await expect(link.query('p?', { timeoutMs: 10 })).rejects.toMatchObject({ code: 'link/closed' });
    await links.open(options, 'xy');
    expect(ports.length).toBe(2);
    await links.close();
    await links.open(options, 'z');
  });

  test('a port that cannot be opened is free for the next try', async () => {
    const clock = new ManualClock();
    const links = createSerialLinks({ clock });
    const missing = { kind: 'serial', path: '/dev/redsun-no-such-port', baudRate: 9600, lineEnd: '\n' } as const;
    for (let i = 0; i < 2; i++)
      await expect(links.open(missing, 'z')).rejects.toMatchObject({ code: 'link/open-failed' });
  });
});

import { ManualClock } from 'redsun/sdk/testing';
import { toDisposable } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import type { BytePort } from '../../guardian/ports/byte-port.ts';
import { inProcessLinks } from './testing/in-process-guardian.ts';

/** A port whose other end is the test. */
class FakePort implements BytePort {
  readonly written: string[] = [];
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #close = new Set<(reason: Error | null) => void>();

  write(bytes: Uint8Array): void {
    this.written.push(Buffer.from(bytes).toString('latin1'));
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
    for (const listener of this.#data) listener(Buffer.from(text, 'latin1'));
  }
  lose(reason: Error | null): void {
    for (const listener of [...this.#close]) listener(reason);
    this.#close.clear();
  }
}

async function openFake() {
  const clock = new ManualClock();
  const ports: FakePort[] = [];
  const links = inProcessLinks({
    clock,
    identityOf: async () => '/dev/ttyFAKE0',
    openPort: async () => {
      const port = new FakePort();
      ports.push(port);
      return port;
    },
  });
  const options = { kind: 'serial', path: '/dev/ttyFAKE0', baudRate: 115_200, lineEnd: '\n' } as const;
  const link = await links.open(options, 'z');
  return { clock, links, link, options, port: ports[0]!, ports };
}

const OFF = {
  device: 'laser',
  order: 'light',
  steps: [{ send: 'OFF', expect: { kind: 'line', equals: 'OK' }, timeoutMs: 100 }],
} as const;

describe('a link', () => {
  test('sends a line and resolves with the answer, however it is cut up, without its line end', async () => {
    const { clock, link, port } = await openFake();
    const answer = link.query('p?', { timeoutMs: 100 });
    await clock.advance(1);
    port.say('1 2');
    port.say(' 3\r');
    port.say('\n');
    expect(await answer).toBe('1 2 3');
    expect(port.written).toEqual(['p?\n']);
    expect(await link.recentExchanges()).toMatchObject([
      { by: 'z', sent: 'p?\n', received: '1 2 3', error: null, durationMs: 1 },
    ]);
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

  test('takes answers of so many bytes, up to other ends, and none at all', async () => {
    const { clock, link, port } = await openFake();
    const binary = link.exchange(Uint8Array.of(0x10, 0xff), { timeoutMs: 100, reply: { kind: 'bytes', count: 3 } });
    await clock.advance(1);
    port.say('\x01\xfe');
    port.say('\x0a');
    expect([...(await binary)]).toEqual([0x01, 0xfe, 0x0a]);
    const ended = link.exchange(Uint8Array.of(0x3f), { timeoutMs: 100, reply: { kind: 'until', end: [0x3a, 0x3e] } });
    await clock.advance(1);
    port.say('yes:>more');
    expect(Buffer.from(await ended).toString()).toBe('yes:>');
    await link.send('silent');
    expect(port.written).toEqual(['\x10\xff', '?', 'silent\n']);
  });

  test('passes on what nobody asked for, and takes it for no answer', async () => {
    const { clock, link, port } = await openFake();
    const heard: string[] = [];
    link.onUnsolicited((bytes) => heard.push(Buffer.from(bytes).toString()));
    port.say('!door open\n');
    const answer = link.query('p?', { timeoutMs: 100 });
    await clock.advance(1);
    port.say('7\n');
    expect([await answer, heard]).toEqual(['7', ['!door open\n']]);
  });

  test('a question without an answer fails in time, names it, and the next one goes on', async () => {
    const { clock, link, port } = await openFake();
    const lost = link.query('moving?', { timeoutMs: 250 });
    const next = link.query('p?', { timeoutMs: 250 });
    next.catch(() => {});
    const failure = expect(lost).rejects.toMatchObject({
      code: 'link/timeout',
      message: '/dev/ttyFAKE0: no answer to "moving?" in 250 ms',
    });
    await clock.advance(250);
    await failure;
    await clock.advance(20);
    port.say('0 0 0\n');
    expect(await next).toBe('0 0 0');
    expect((await link.recentExchanges())[0]).toMatchObject({
      received: null,
      error: '/dev/ttyFAKE0: no answer to "moving?" in 250 ms',
    });
  });

  test('an answer that comes too late is not taken for that of the next question, also when it comes after that was asked', async () => {
    const { clock, link, port } = await openFake();
    link.query('moving?', { timeoutMs: 10 }).catch(() => {});
    await clock.advance(10);
    const next = link.query('p?', { timeoutMs: 100 });
    await clock.advance(5);
    port.say('true\n');
    await clock.advance(20);
    expect(port.written).toEqual(['moving?\n', 'p?\n']);
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

  test('a question can be given up, and its answer is taken for no other', async () => {
    const { clock, link, port } = await openFake();
    const controller = new AbortController();
    const waiting = link.query('p?', { timeoutMs: 1000, signal: controller.signal });
    const failure = expect(waiting).rejects.toThrow('enough');
    await clock.advance(1);
    controller.abort(new Error('enough'));
    await failure;
    const next = link.query('q?', { timeoutMs: 1000 });
    await clock.advance(1);
    port.say('late\n');
    await clock.advance(20);
    port.say('Q\n');
    expect(await next).toBe('Q');
  });

  test('a port has one owner, until it is closed', async () => {
    const { link, links, options, ports } = await openFake();
    await expect(links.open(options, 'xy')).rejects.toThrow('/dev/ttyFAKE0: xy cannot open it, as z has it');
    await link.close();
    await expect(link.query('p?', { timeoutMs: 10 })).rejects.toMatchObject({ code: 'link/closed' });
    await links.open(options, 'xy');
    expect(ports.length).toBe(2);
  });

  test('a port that cannot be opened is free for the next try', async () => {
    const links = inProcessLinks({ clock: new ManualClock() });
    const missing = { kind: 'serial', path: '/dev/redsun-no-such-port', baudRate: 9600, lineEnd: '\n' } as const;
    for (let i = 0; i < 2; i++)
      await expect(links.open(missing, 'z')).rejects.toMatchObject({ code: 'link/open-failed' });
  });
});

describe('what is protected', () => {
  test('is made safe before the port is closed', async () => {
    const { clock, link, port } = await openFake();
    await link.protect(OFF);
    const closing = link.close();
    await clock.advance(1);
    expect(port.written).toEqual(['OFF\n']);
    port.say('OK\n');
    await closing;
  });

  test('is made safe when asked for, before what waits; the answer of what was cut off is passed over', async () => {
    const { clock, link, links, port } = await openFake();
    await link.protect(OFF);
    const cut = link.query('POWER?', { timeoutMs: 1000 });
    const queued = link.query('ON', { timeoutMs: 1000 });
    const failures = Promise.allSettled([cut, queued]);
    await clock.advance(1);
    const act = links.client.makeSafe('asked');
    await clock.advance(1);
    expect(port.written).toEqual(['POWER?\n', 'OFF\n']);
    port.say('12.5\n');
    port.say('OK\n');
    expect(await act).toMatchObject({
      reason: 'asked',
      devices: [{ device: 'laser', outcome: 'confirmed', sent: 'OFF\n', received: 'OK', attempts: 1, error: null }],
    });
    expect((await failures).map((one) => one.status === 'rejected' && one.reason.code)).toEqual([
      'link/held',
      'link/held',
    ]);
    expect(port.written).not.toContain('ON\n');
  });

  test('keeps everything of the host away until the host knows', async () => {
    const { clock, link, links, port } = await openFake();
    await link.protect(OFF);
    const asked = links.client.makeSafe('asked');
    await clock.advance(1);
    port.say('OK\n');
    const act = await asked;
    await expect(link.query('ON', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'link/held' });
    links.client.rearm(act);
    const on = link.query('ON', { timeoutMs: 100 });
    await clock.advance(1);
    port.say('OK\n');
    expect(await on).toBe('OK');
  });

  test('is refused with a pattern that is none, and the guardian goes on', async () => {
    const { clock, link, port } = await openFake();
    const expectation = { kind: 'line-like', pattern: '(' } as const;
    const bad = { ...OFF, steps: [{ send: 'OFF', expect: expectation, timeoutMs: 100 }] };
    await expect(link.protect(bad)).rejects.toMatchObject({ code: 'link/bad-safe-state' });
    const answer = link.query('p?', { timeoutMs: 100 });
    await clock.advance(1);
    port.say('7\n');
    expect(await answer).toBe('7');
  });

  test('that does not answer is told again, and called so with what it said', async () => {
    const { clock, link, links, port } = await openFake();
    await link.protect(OFF);
    const act = links.client.makeSafe('asked');
    await clock.advance(1);
    port.say('E3 interlock\n');
    await clock.advance(300);
    expect(port.written).toEqual(['OFF\n', 'OFF\n']);
    expect((await act).devices).toMatchObject([
      { device: 'laser', outcome: 'failed', attempts: 2, error: '/dev/ttyFAKE0: no answer to "OFF" in 100 ms' },
    ]);
  });
});

describe('a host that is silent', () => {
  test('finds its devices made safe after two seconds, and is told why', async () => {
    const clock = new ManualClock();
    const port = new FakePort();
    const guardianClock = new ManualClock();
    const links = inProcessLinks(
      { clock: guardianClock, openPort: async () => port, identityOf: async () => 'p' },
      clock,
    );
    const link = await links.open({ kind: 'serial', path: 'p', baudRate: 9600, lineEnd: '\n' }, 'laser');
    await link.protect(OFF);
    const acts: string[] = [];
    links.client.acted.connect(({ reason }) => acts.push(reason));
    for (let i = 0; i < 30; i++) {
      await guardianClock.advance(100);
      await clock.advance(100);
    }
    expect(port.written).toEqual([]);
    await guardianClock.advance(1900);
    expect(port.written).toEqual([]);
    await guardianClock.advance(200);
    expect(port.written).toEqual(['OFF\n']);
    port.say('OK\n');
    await guardianClock.advance(1);
    expect(acts).toEqual(['host-silent']);
  });
});

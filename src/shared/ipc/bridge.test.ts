import { defineChannel, serveChannel } from 'redsun/sdk/presenter';
import { RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { transportPair } from '../../../tests/ipc/transport-pair.ts';
import { systemClock } from '../../main/host/system-clock.ts';
import { ChannelServer } from '../../main/ipc/channel-server.ts';
import { ControlLease } from '../../main/ipc/control-lease.ts';
import { createBridge } from './client.ts';
import { decodeMessage, encodeMessage } from './codec.ts';

const channel = defineChannel({
  name: 'demo',
  calls: {
    double: { request: z.object({ x: z.number() }), response: z.object({ y: z.number() }) },
    fail: { request: z.void(), response: z.void() },
    hang: { request: z.void(), response: z.void(), timeoutMs: 50 },
    bytes: { request: z.void(), response: z.object({ bytes: z.custom<Uint8Array>((v) => v instanceof Uint8Array) }) },
    lie: { request: z.void(), response: z.object({ y: z.number() }) },
  },
  events: { moved: { payload: z.object({ at: z.number() }), retained: true } },
  streams: { frames: { params: z.object({ camera: z.string() }), header: z.object({ index: z.number() }) } },
});

function start() {
  const moved = new Signal<[{ at: number }]>();
  let aborted = 0;
  const sent: number[] = [];
  const doubled: number[] = [];
  const server = new ChannelServer(new ControlLease(systemClock), () => {});
  server.add(
    serveChannel(channel, {
      calls: {
        double: async ({ x }) => {
          doubled.push(x);
          return { y: x * 2 };
        },
        fail: async () => {
          throw new RedsunError('device/timeout', 'z: no reply in 500 ms', {
            cause: new RedsunError('link/lost', 'unplugged'),
          });
        },
        hang: (_request, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              aborted++;
              reject(signal.reason);
            });
          }),
        bytes: async () => ({ bytes: new Uint8Array([1, 2, 3]) }),
        lie: async () => ({ y: 'no number' as unknown as number }),
      },
      events: { moved },
      streams: {
        frames: async (_params, sender) => {
          for (let index = 0; ; index++) {
            await sender.ready();
            sent.push(index);
            sender.send({ index }, new Uint8Array(new Uint16Array([index, 7]).buffer));
          }
        },
      },
    }),
  );
  const links: ReturnType<typeof transportPair>[] = [];
  const bridge = createBridge(async () => {
    const link = transportPair();
    links.push(link);
    // A real connection holds the host's first word back until somebody listens.
    setImmediate(() => server.serve(link.far, { name: 'a window' }));
    return link.near;
  }, systemClock);
  onTestFinished(() => bridge[Symbol.dispose]());
  return {
    bridge,
    client: bridge.channel(channel),
    moved,
    sent,
    server,
    aborted: () => aborted,
    calls: () => doubled,
    cut: () => links.at(-1)?.cut(),
    connections: () => links.length,
  };
}

test('a call goes to the host and its answer comes back', async () => {
  expect(await start().client.call('double', { x: 21 })).toEqual({ y: 42 });
});

test('what is asked in the moment when the connection opens is asked once', async () => {
  const { bridge, client, calls } = start();
  const answers: Promise<unknown>[] = [];
  bridge.onState(({ kind }) => {
    if (kind === 'open') answers.push(client.call('double', { x: 4 }));
  });
  await client.call('double', { x: 1 });
  expect(await Promise.all(answers)).toEqual([{ y: 8 }]);
  expect(calls()).toEqual([1, 4]);
});

test('errors cross with code, message and cause', async () => {
  await expect(start().client.call('fail', undefined)).rejects.toMatchObject({
    code: 'device/timeout',
    message: 'z: no reply in 500 ms',
    cause: { code: 'link/lost', message: 'unplugged' },
  });
});

test('a request that does not fit its schema is refused and names the field', async () => {
  await expect(start().client.call('double', { x: 'one' } as never)).rejects.toMatchObject({
    code: 'channel/bad-request',
    message: expect.stringContaining('x:'),
  });
});

test('an answer that does not fit its schema is refused at the receiving side', async () => {
  await expect(start().client.call('lie', undefined)).rejects.toMatchObject({ code: 'channel/malformed' });
});

test('a call without an answer in time fails, and the host is told to give up', async () => {
  const { client, aborted } = start();
  await expect(client.call('hang', undefined)).rejects.toMatchObject({ code: 'channel/timeout' });
  await expect.poll(aborted).toBe(1);
});

test('the caller can cancel', async () => {
  const { client, aborted } = start();
  await client.call('double', { x: 1 });
  const controller = new AbortController();
  const call = client.call('hang', undefined, { signal: controller.signal });
  controller.abort(new RedsunError('channel/cancelled', 'enough'));
  await expect(call).rejects.toMatchObject({ code: 'channel/cancelled' });
  await expect.poll(aborted).toBe(1);
});

test('bytes arrive as bytes', async () => {
  const { bytes } = await start().client.call('bytes', undefined);
  expect([...bytes]).toEqual([1, 2, 3]);
});

test('a retained event is told to whoever comes later', async () => {
  const { client, moved } = start();
  await client.call('double', { x: 1 });
  moved.emit({ at: 5 });
  const seen: number[] = [];
  client.on('moved', ({ at }) => seen.push(at));
  await expect.poll(() => seen).toEqual([5]);
  moved.emit({ at: 6 });
  await expect.poll(() => seen).toEqual([5, 6]);
});

test('a stream sends no more than the receiver takes', async () => {
  const { client, sent } = start();
  let release: () => void = () => {};
  const seen: number[] = [];
  const stream = client.stream('frames', { camera: 'a' }, (header, payload) => {
    seen.push(header.index);
    expect(payload.byteOffset % 2).toBe(0);
    return new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  await expect.poll(() => seen.length).toBe(2);
  expect(sent).toEqual([0, 1]);
  release();
  await expect.poll(() => seen.length).toBe(3);
  expect(sent).toEqual([0, 1, 2]);
  stream[Symbol.dispose]();
});

test('after a lost connection subscriptions and streams go on by themselves, and waiting calls fail', async () => {
  const { bridge, client, moved, cut, connections } = start();
  const seen: number[] = [];
  let frames = 0;
  client.on('moved', ({ at }) => seen.push(at));
  client.stream('frames', { camera: 'a' }, async () => {
    frames++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  await expect.poll(() => frames).toBeGreaterThan(2);
  const hanging = client.call('hang', undefined);
  cut();
  await expect(hanging).rejects.toMatchObject({ code: 'channel/lost' });
  expect(bridge.state.kind).toBe('lost');
  await expect.poll(() => bridge.state.kind).toBe('open');
  expect(connections()).toBe(2);
  const before = frames;
  await expect.poll(() => frames).toBeGreaterThan(before);
  moved.emit({ at: 9 });
  await expect.poll(() => seen).toContain(9);
});

test('messages with several binary parts survive the codec', () => {
  const message = { a: new Uint8Array([1, 2, 3]), b: { c: new Uint8Array([9]), d: 'text' } };
  const decoded = decodeMessage(encodeMessage(message)) as typeof message;
  expect([...decoded.a]).toEqual([1, 2, 3]);
  expect([...decoded.b.c]).toEqual([9]);
  expect(decoded.b.d).toBe('text');
});

test('garbage over the wire is a named error', () => {
  expect(() => decodeMessage('{')).toThrowError(expect.objectContaining({ code: 'channel/malformed' }));
  expect(() => decodeMessage(new Uint8Array([255, 255, 0, 0, 1]))).toThrowError(
    expect.objectContaining({ code: 'channel/malformed' }),
  );
});

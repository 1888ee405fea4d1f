import { once } from 'node:events';
import { defineChannel, serveChannel } from 'redsun/sdk/presenter';
import { Signal } from 'redsun/sdk/virtual';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { item } from '../host/test-host.ts';
import { type ServedHost, serveTestHost } from './served-host.ts';

type Message = Readonly<Record<string, unknown>>;

/** Says whatever it likes to a host that is really served. */
async function intrude({ serving }: Pick<ServedHost, 'serving'>) {
  const socket = new WebSocket(`ws://127.0.0.1:${serving.port}/bridge?token=${serving.token}`);
  onTestFinished(() => socket.terminate());
  const heard: Message[] = [];
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  socket.on('error', () => {});
  socket.on('message', (data) => heard.push(JSON.parse(String(data)) as Message));
  await once(socket, 'open');
  const answerTo = async (id: number) => {
    await expect.poll(() => heard.some((message) => message.id === id)).toBe(true);
    return heard.find((message) => message.id === id);
  };
  const say = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return { socket, heard, closed, answerTo, say };
}

const warnings = ({ host }: ServedHost) =>
  host.services.log.records
    .filter(({ level, source }) => level === 'warning' && source === 'bridge')
    .map(({ message }) => message);

describe('whoever has the token and means harm', () => {
  test('does not flush the log with 20,000 messages that are none, and is let go', async () => {
    const served = await serveTestHost();
    const { say, closed } = await intrude(served);
    for (let n = 0; n < 20_000; n++) say({ kind: 'nonsense', n });
    expect(await closed).toEqual({ code: 1008, reason: 'it sent 100 messages that are none' });
    expect(warnings(served)).toEqual([
      expect.stringContaining('A window sent what is no message'),
      'The connection of a window was closed: it sent 100 messages that are none',
    ]);
    expect(served.faults).toEqual([]);
    await expect.poll(() => served.host.server.connectionCount).toBe(0);
  });

  test.each([
    ['no JSON', '{"kind":'],
    ['lists nested 200,000 deep', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['bytes that are no message', new Uint8Array([255, 255, 255, 255, 1])],
  ])('is let go after the first of 1,000 messages of %s, and one line is written', async (_what, message) => {
    const served = await serveTestHost();
    const { socket, closed } = await intrude(served);
    for (let n = 0; n < 1_000; n++) socket.send(message);
    const { code } = await closed;
    expect([1003, 1008]).toContain(code);
    expect(served.faults.length + warnings(served).length).toBeLessThanOrEqual(2);
  });

  test('hears of names that every object has that they are unknown', async () => {
    const served = await serveTestHost();
    const { say, answerTo } = await intrude(served);
    let id = 0;
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      say({ kind: 'call', id: ++id, channel: 'camera', name, payload: {} });
      expect(await answerTo(id), name).toMatchObject({ kind: 'error', error: { code: 'channel/unknown' } });
      say({ kind: 'subscribe', id: ++id, channel: 'camera', event: name });
      expect(await answerTo(id), name).toMatchObject({ kind: 'error', error: { code: 'channel/unknown' } });
      say({ kind: 'open', id: ++id, channel: 'camera', stream: name, params: {} });
      expect(await answerTo(id), name).toMatchObject({ kind: 'error', error: { code: 'channel/unknown' } });
      say({ kind: 'call', id: ++id, channel: name, name: 'snap', payload: {} });
      expect(await answerTo(id), name).toMatchObject({ kind: 'error', error: { code: 'channel/unknown' } });
      say({ kind: 'call', id: ++id, channel: 'acquisition', name: 'run', payload: { item: item(name, {}) } });
      expect(await answerTo(id), name).toMatchObject({ kind: 'error', error: { code: 'plan/unknown' } });
    }
  });

  test('gets no megabyte back, neither in an answer nor in the log', async () => {
    const served = await serveTestHost();
    const { say, answerTo } = await intrude(served);
    const long = 'x'.repeat(1_000_000);
    const asked: readonly Message[] = [
      { kind: 'call', channel: long, name: 'snap' },
      { kind: 'call', channel: 'camera', name: long },
      { kind: 'subscribe', channel: 'camera', event: long },
      { kind: 'call', channel: 'camera', name: 'snap', payload: { camera: long } },
      { kind: 'call', channel: 'acquisition', name: 'run', payload: { item: item(long, {}) } },
      { kind: 'call', channel: 'acquisition', name: 'run', payload: { item: item('count', { [long]: long }) } },
      { kind: 'call', channel: 'acquisition', name: 'run', payload: { item: item('count', { num: long }, [[long]]) } },
      { kind: 'call', channel: 'acquisition', name: 'run', payload: { item: item('count', {}, [[long]]) } },
      { kind: 'call', channel: 'acquisition', name: 'run', payload: { item: item('mv', {}, [long, 1]) } },
      {
        kind: 'call',
        channel: 'acquisition',
        name: 'run',
        payload: { item: item('mda', { sequence: { channels: [long] } }) },
      },
      { kind: 'call', channel: 'positioner', name: 'move', payload: { axis: long, target: 1 } },
      { kind: 'call', channel: 'light', name: 'selectChannel', payload: { channel: long } },
      { kind: 'call', channel: 'light', name: 'select', payload: { device: long, label: long } },
      { kind: 'call', channel: 'session', name: 'retryDevice', payload: { name: long } },
      { kind: 'call', channel: 'review', name: 'openPath', payload: { path: long } },
    ];
    for (const [id, message] of asked.entries()) {
      say({ id, ...message });
      const answer = await answerTo(id);
      expect(answer, JSON.stringify(message).slice(0, 80)).toMatchObject({ kind: 'error' });
      expect(JSON.stringify(answer).length, JSON.stringify(message).slice(0, 80)).toBeLessThan(2_000);
    }
    for (const { message } of served.host.services.log.records) expect(message.length).toBeLessThan(2_000);
  });

  test('cannot open more than 256 things, nor two of one id', async () => {
    const served = await serveTestHost();
    const { say, answerTo, heard } = await intrude(served);
    say({ kind: 'subscribe', id: 1, channel: 'log', event: 'written' });
    say({ kind: 'subscribe', id: 1, channel: 'log', event: 'written' });
    expect(await answerTo(1)).toMatchObject({ error: { code: 'channel/id-in-use' } });
    for (let id = 2; id <= 300; id++) say({ kind: 'subscribe', id, channel: 'log', event: 'written' });
    expect(await answerTo(257)).toMatchObject({ error: { code: 'channel/too-many' } });
    await answerTo(300);
    expect(heard.filter(({ kind }) => kind === 'error')).toHaveLength(45);
    say({ kind: 'close', id: 2 });
    say({ kind: 'subscribe', id: 400, channel: 'session', event: 'changed' });
    expect(await answerTo(400)).toMatchObject({ kind: 'event' });
  });

  test('is let go after a thousand refusals', async () => {
    const served = await serveTestHost();
    const { say, closed } = await intrude(served);
    for (let id = 0; id < 20_000; id++) say({ kind: 'call', id, channel: 'nobody', name: 'x' });
    expect(await closed).toEqual({ code: 1008, reason: '1000 of its messages were refused' });
    expect(warnings(served)).toHaveLength(1);
  });

  test('that never reads is let go with all that waits for it, and others are served', async () => {
    const served = await serveTestHost();
    const told = new Signal<[string]>();
    const state = new Signal<[string]>();
    const definition = defineChannel({
      name: 'talkative',
      calls: {},
      events: { told: { payload: z.string() }, state: { payload: z.string(), retained: true } },
      streams: {},
    });
    served.host.server.add(serveChannel(definition, { calls: {}, events: { told, state }, streams: {} }));
    const { socket, say } = await intrude(served);
    say({ kind: 'subscribe', id: 1, channel: 'talkative', event: 'state' });
    say({ kind: 'subscribe', id: 2, channel: 'talkative', event: 'told' });
    say({ kind: 'call', id: 3, channel: 'session', name: 'nothing' });
    await once(socket, 'message');
    socket.pause();
    await expect.poll(() => state.connected && told.connected).toBe(true);
    const page = 'p'.repeat(1_000_000);
    // A state that is overtaken waits for nobody: however often it is told, the reader stays.
    for (let n = 0; n < 500; n++) state.emit(page);
    expect(served.host.server.connectionCount).toBe(1);
    for (let n = 0; n < 200; n++) told.emit(page);
    await expect.poll(() => served.host.server.connectionCount).toBe(0);
    expect(warnings(served).at(-1)).toMatch(/^The connection of a window was closed: it left \d+ MB unread$/);
    const other = await intrude(served);
    other.say({ kind: 'subscribe', id: 1, channel: 'session', event: 'changed' });
    expect(await other.answerTo(1)).toMatchObject({ kind: 'event' });
  });
});

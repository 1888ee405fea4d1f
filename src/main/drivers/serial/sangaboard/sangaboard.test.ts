import { isAxis, isXYStage, portOf, SharedLinks } from 'redsun/sdk/device';
import { createTestContext, ManualClock } from 'redsun/sdk/testing';
import { toDisposable } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import type { BytePort } from '../../../../guardian/ports/byte-port.ts';
import { inProcessLinks } from '../../../guardian/testing/in-process-guardian.ts';
import { SangaboardAxis, sangaboardAxisOptions } from './sangaboard-axis.ts';
import { SangaboardXYStage, sangaboardXYOptions } from './sangaboard-xy-stage.ts';
import { type ByteChannel, SangaboardSimulator } from './simulator.ts';

/** Two ends of a cable; bytes arrive in a later turn. */
function cable(): { port: BytePort; channel: ByteChannel; sent: string[]; unplug: () => void } {
  const toPort = new Set<(bytes: Uint8Array) => void>();
  const toChannel = new Set<(bytes: Uint8Array) => void>();
  const closed = new Set<(reason: Error | null) => void>();
  const sent: string[] = [];
  const pass = (listeners: typeof toPort, bytes: Uint8Array) =>
    queueMicrotask(() => {
      for (const listener of listeners) listener(bytes);
    });
  return {
    sent,
    unplug: () => {
      for (const listener of [...closed]) listener(new Error('unplugged'));
    },
    channel: { write: (bytes) => pass(toPort, bytes), onData: (listener) => toChannel.add(listener) },
    port: {
      write: (bytes) => {
        sent.push(new TextDecoder().decode(bytes).trim());
        pass(toChannel, bytes);
      },
      onData: (listener) => {
        toPort.add(listener);
        return toDisposable(() => toPort.delete(listener));
      },
      onClose: (listener) => {
        closed.add(listener);
        return toDisposable(() => closed.delete(listener));
      },
      close: async () => {
        for (const listener of [...closed]) listener(null);
      },
    },
  };
}

const motor = { port: '/dev/ttyFAKE1', steps_per_um: 20, low_um: -500, high_um: 500 };

function build(firmwareVersion = '1.0.1') {
  const clock = new ManualClock();
  const line = cable();
  const simulator = new SangaboardSimulator(line.channel, { clock, firmwareVersion });
  const links = inProcessLinks({
    clock,
    openPort: async () => line.port,
    identityOf: async (options) => portOf(options),
  });
  const shared = new SharedLinks({ clock });
  const context = createTestContext({ clock, openLink: links.open, shared, name: 'z' });
  const xyContext = createTestContext({ clock, openLink: links.open, shared, name: 'xy' });
  const z = new SangaboardAxis('z', sangaboardAxisOptions.parse(motor), context);
  const xy = new SangaboardXYStage('xy', sangaboardXYOptions.parse(motor), xyContext);
  return { clock, line, links, shared, simulator, z, xy };
}

describe.each(['1.0.1', '0.5.1'])('an axis on a Sangaboard with firmware %s', (firmware) => {
  test('connects, moves in steps and reads back', async () => {
    const { clock, simulator, z } = build(firmware);
    expect(isAxis(z)).toBe(true);
    expect(z.position).toBe(null);
    await clock.run(z.connect());
    expect(z.position).toBe(0);
    const seen: number[] = [];
    z.changed.connect(() => seen.push(z.position ?? Number.NaN));
    await clock.run(z.set(100).wait());
    expect(simulator.position).toEqual([0, 0, 2000]);
    expect(z.position).toBe(100);
    expect(seen.filter((um) => um > 0 && um < 100).length).toBeGreaterThan(3);
    expect(await clock.run(Promise.resolve(z.read()))).toMatchObject({ z: { value: 100 }, z_setpoint: { value: 100 } });
    expect(z.readConfiguration()['z-firmware']?.value).toBe(`Sangaboard Firmware v${firmware}`);
  });

  test('stop() halts the motor within a quarter of a second, and says so to the board', async () => {
    const { clock, line, simulator, z } = build(firmware);
    await clock.run(z.connect());
    const status = z.set(400);
    await clock.advance(1000);
    await clock.run(Promise.resolve(z.stop({ success: false })));
    await expect(status.wait()).rejects.toMatchObject({ code: 'device/stopped' });
    expect(line.sent).toContain('stop');
    const restSteps = simulator.position[2]!;
    expect(restSteps).toBeGreaterThanOrEqual(950);
    expect(restSteps).toBeLessThanOrEqual(1250);
    await clock.advance(5000);
    expect(simulator.position[2]).toBe(restSteps);
    expect(z.position).toBe(restSteps / 20);
    expect(z.moving).toBe(false);
  });

  test('a calm stop counts as done, and a new target takes over', async () => {
    const { clock, z } = build(firmware);
    await clock.run(z.connect());
    const calm = z.set(400);
    await clock.advance(500);
    await clock.run(Promise.resolve(z.stop()));
    await calm.wait();
    const first = z.set(400);
    await clock.advance(300);
    const second = z.set(-10);
    await expect(clock.run(first.wait())).rejects.toMatchObject({ code: 'device/superseded' });
    await clock.run(second.wait());
    expect(z.position).toBe(-10);
  });
});

describe('Sangaboard', () => {
  test('all axes of a board share one port and move one after the other', async () => {
    const { clock, simulator, xy, z } = build();
    expect(isXYStage(xy)).toBe(true);
    await clock.run(Promise.all([z.connect(), xy.connect()]));
    await clock.run(Promise.all([xy.set([10, -20]).wait(), z.set(5).wait()]));
    expect(simulator.position).toEqual([200, -400, 100]);
    expect(await clock.run(Promise.resolve(xy.locate()))).toEqual({ setpoint: [10, -20], readback: [10, -20] });
  });

  test('an axis that goes does not halt those that go on: they are protected by the same stop', async () => {
    const { clock, line, links, shared, simulator, xy, z } = build();
    await clock.run(Promise.all([z.connect(), xy.connect()]));
    const moving = xy.set([50, 0]).wait();
    await clock.advance(200);
    await clock.run(shared.leave('z'));
    await clock.run(moving);
    expect(simulator.position).toEqual([1000, 0, 0]);
    expect(line.sent).not.toContain('stop');
    const act = await clock.run(links.client.makeSafe('asked'));
    expect(act.devices.map(({ device, outcome }) => [device, outcome])).toEqual([
      ['xy-x', 'confirmed'],
      ['xy-y', 'confirmed'],
    ]);
  });

  test('limits hold in the driver: nothing is sent', async () => {
    const { line, z } = build();
    expect(() => z.set(600)).toThrow('z: 600 um is outside its limits -500 to 500 um');
    expect(line.sent).toEqual([]);
  });

  test('a board that is silent is named after its attempts', async () => {
    const { clock, simulator, z } = build();
    simulator.close();
    const deaf = cable();
    const links = inProcessLinks({
      clock,
      openPort: async () => deaf.port,
      identityOf: async (options) => portOf(options),
    });
    const context = createTestContext({ clock, openLink: links.open });
    const lonely = new SangaboardAxis('lonely', sangaboardAxisOptions.parse(motor), context);
    await expect(clock.run(lonely.connect())).rejects.toMatchObject({
      code: 'device/handshake',
      message: '/dev/ttyFAKE1 at 115200 baud: no Sangaboard answers',
    });
    expect(deaf.sent).toEqual(['version', 'version', 'version', 'version', 'version']);
    expect(z.position).toBe(null);
  });

  test('a port pulled during a move fails the move; the next call opens it anew', async () => {
    const { clock, line, z } = build();
    await clock.run(z.connect());
    const status = z.set(100);
    const failure = expect(status.wait()).rejects.toMatchObject({ code: 'link/lost' });
    await clock.advance(200);
    line.unplug();
    await clock.advance(200);
    await failure;
    await clock.run(z.connect());
    await clock.run(z.set(20).wait());
    expect(z.position).toBe(20);
  });

  test('a board whose port was closed with a session is met again by the next one', async () => {
    const { clock, links, z } = build();
    await clock.run(z.connect());
    await links.close();
    await clock.run(z.connect());
    await clock.run(z.set(3).wait());
    expect(z.position).toBe(3);
  });

  test('a motor that another program zeroed does not pass for one on target', async () => {
    const { clock, simulator, z } = build();
    await clock.run(z.connect());
    const status = z.set(100);
    await clock.advance(500);
    Object.defineProperty(simulator, 'position', { get: () => [0, 0, 777] });
    await expect(clock.run(status.wait())).rejects.toThrow('came to rest at 38.85 um, not at 100 um');
  });
});

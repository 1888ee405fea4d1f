import { createTestContext } from 'redsun/sdk/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { SangaboardAxis, sangaboardAxisOptions } from '../../src/main/drivers/serial/sangaboard/sangaboard-axis.ts';
import { SangaboardBoard } from '../../src/main/drivers/serial/sangaboard/sangaboard-board.ts';
import { simulateAt } from '../../src/main/drivers/serial/sangaboard/simulator-port.ts';
import { inProcessLinks } from '../../src/main/guardian/testing/in-process-guardian.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { ensureHardwarePython, runScript, serveScript } from './python.ts';
import { openTerminalPair } from './terminal-pair.ts';

function buildAxis(port: string) {
  const links = inProcessLinks({ clock: systemClock });
  const context = createTestContext({ clock: systemClock, openLink: links.open });
  const options = sangaboardAxisOptions.parse({ port, axis: 'z', steps_per_um: 10, low_um: -200, high_um: 200 });
  return { links, z: new SangaboardAxis('z', options, context) };
}

function closing(links: ReturnType<typeof inProcessLinks>): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => links.close() };
}

beforeAll(async () => {
  await ensureHardwarePython();
});

describe('Sangaboard over a pseudo-terminal', () => {
  test.each(['1.0.1', '0.5.1'])(
    "the vendor's client drives the simulator with firmware %s",
    async (firmwareVersion) => {
      await using pair = await openTerminalPair();
      const board = await simulateAt(pair.paths[0], { clock: systemClock, firmwareVersion });
      try {
        const seen = (await runScript('drive_with_vendor_client.py', [pair.paths[1]])) as Record<string, unknown>;
        expect(seen).toMatchObject({
          firmware: `Sangaboard Firmware v${firmwareVersion}`,
          modules: [],
          start: [0, 0, 0],
          after_move_rel: [100, -50, 300],
          after_axis_move: [100, -50, 180],
          after_move_abs: [0, 0, 500],
          step_time_us: 1000,
          zeroed: [0, 0, 0],
        });
        if (firmwareVersion.startsWith('0.')) return;
        const [, , onTheWay] = seen.on_the_way as number[];
        const [, , stopped] = seen.stopped as number[];
        expect([seen.moving, seen.moving_after_stop]).toEqual(['true', 'false']);
        expect(onTheWay).toBeGreaterThan(600);
        expect(stopped).toBeGreaterThanOrEqual(onTheWay ?? Number.NaN);
        expect(stopped).toBeLessThan(3000);
        expect(seen.later).toEqual(seen.stopped);
        expect(board.simulator.released).toBe(true);
      } finally {
        board.close();
      }
    },
  );

  test.each(['Sangaboard Firmware v1.0.1', 'Sangaboard Firmware v0.5.1'])(
    "our driver shakes hands with the vendor's dummy that says %s",
    async (firmware) => {
      await using pair = await openTerminalPair();
      await using _dummy = await serveScript('serve_vendor_dummy.py', [pair.paths[0], firmware]);
      const links = inProcessLinks({ clock: systemClock });
      await using _links = closing(links);
      const link = await links.open({ kind: 'serial', path: pair.paths[1], baudRate: 115_200, lineEnd: '\n' }, 'test');
      const { info } = await SangaboardBoard.connect(link, systemClock);
      expect(info).toEqual({
        firmware,
        board: 'Sangaboard v0.5',
        listensWhileMoving: firmware.includes('v1'),
        stepTimeUs: 1000,
      });
    },
  );

  test('our driver moves our simulator, reads back, and stops it on the way', async () => {
    await using pair = await openTerminalPair();
    const board = await simulateAt(pair.paths[0], { clock: systemClock });
    try {
      const { links, z } = buildAxis(pair.paths[1]);
      await using _links = closing(links);
      await z.connect();
      expect(z.position).toBe(0);
      await z.set(25).wait();
      expect([z.position, board.simulator.position]).toEqual([25, [0, 0, 250]]);
      const seen: number[] = [];
      const stopped = new Promise<void>((resolve, reject) => {
        z.changed.connect(() => {
          seen.push(z.position ?? Number.NaN);
          if (seen.length === 4) Promise.resolve(z.stop({ success: false })).then(resolve, reject);
        });
      });
      const status = z.set(200);
      await expect(status.wait()).rejects.toMatchObject({ code: 'device/stopped' });
      await stopped;
      expect(z.position).toBeGreaterThan(25);
      expect(z.position).toBeLessThan(150);
      expect(z.position).toBe((board.simulator.position[2] ?? Number.NaN) / 10);
    } finally {
      board.close();
    }
  });

  test('a port that is in use, or gone, is named', async () => {
    await using pair = await openTerminalPair();
    const board = await simulateAt(pair.paths[0], { clock: systemClock });
    try {
      const first = buildAxis(pair.paths[1]);
      await using _links = closing(first.links);
      await first.z.connect();
      const options = { kind: 'serial', path: pair.paths[1], baudRate: 115_200, lineEnd: '\n' } as const;
      await expect(first.links.open(options, 'other')).rejects.toMatchObject({ code: 'link/in-use' });
      await pair[Symbol.asyncDispose]();
      await expect(first.z.set(5).wait()).rejects.toMatchObject({ code: expect.stringMatching(/^link\//) });
    } finally {
      board.close();
    }
  });
});

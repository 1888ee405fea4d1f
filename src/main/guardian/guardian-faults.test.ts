import type { LinkOptions } from 'redsun/sdk/device';
import { ManualClock } from 'redsun/sdk/testing';
import { toDisposable } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import type { Guardian } from '../../guardian/guardian.ts';
import type { BytePort } from '../../guardian/ports/byte-port.ts';
import { findDevice, type ListedPort } from '../../guardian/ports/find-device.ts';
import type { SafetyAct } from '../../shared/guardian/safety-act.ts';
import { GuardianClient } from './guardian-client.ts';
import { inProcessLinks, startInProcess } from './testing/in-process-guardian.ts';

/** A laser that answers `OK` to everything, while it hears; its cable can be pulled. */
class Laser {
  readonly heard: string[] = [];
  isPluggedIn = true;
  hears = true;
  readonly #unplug = new Set<(reason: Error | null) => void>();

  readonly open = async (): Promise<BytePort> => {
    if (!this.isPluggedIn) throw new Error('no such file');
    let listener: (bytes: Uint8Array) => void = () => {};
    return {
      write: (bytes) => {
        this.heard.push(Buffer.from(bytes).toString().trimEnd());
        if (this.hears) queueMicrotask(() => listener(Buffer.from('OK\n')));
      },
      onData: (given) => {
        listener = given;
        return toDisposable(() => {});
      },
      onClose: (given) => {
        this.#unplug.add(given);
        return toDisposable(() => {});
      },
      close: async () => {},
    };
  };

  unplug(): void {
    this.isPluggedIn = false;
    for (const tell of [...this.#unplug]) tell(new Error('unplugged'));
    this.#unplug.clear();
  }
}

/** Time can pass without anybody noticing: no timer fires meanwhile. */
class SleepingClock extends ManualClock {
  #sleptMs = 0;
  override monotonicMs(): number {
    return super.monotonicMs() + this.#sleptMs;
  }
  sleepThrough(durationMs: number): void {
    this.#sleptMs += durationMs;
  }
}

const PORT = { kind: 'serial', path: 'p', baudRate: 9600, lineEnd: '\n' } as const;
const OFF = {
  device: 'laser',
  order: 'light',
  steps: [{ send: 'OFF', expect: { kind: 'line', equals: 'OK' }, timeoutMs: 100 }],
} as const;
const identityOf = async (options: LinkOptions) => (options.kind === 'serial' ? options.path : '');

test('a computer that has slept lights nothing that it was told before: everything is made safe first', async () => {
  const [clock, laser] = [new SleepingClock(), new Laser()];
  const links = inProcessLinks({ clock, openPort: laser.open, identityOf });
  const link = await links.open(PORT, 'laser');
  await link.protect(OFF);
  const reasons: string[] = [];
  links.client.acted.connect(({ reason }) => reasons.push(reason));
  clock.sleepThrough(4_000);
  await expect(link.query('ON', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'link/held' });
  await clock.advance(50);
  expect([laser.heard, reasons]).toEqual([['OFF'], ['asleep']]);
});

test('a sleep in which the clock stood still is noticed by how long the computer has been on', async () => {
  const [clock, laser] = [new ManualClock(), new Laser()];
  let sleptS = 0;
  const uptimeS = () => Math.floor(clock.monotonicMs() / 1000) + sleptS;
  const links = inProcessLinks({ clock, openPort: laser.open, identityOf, uptimeS });
  const link = await links.open(PORT, 'laser');
  await link.protect(OFF);
  const reasons: string[] = [];
  links.client.acted.connect(({ reason }) => reasons.push(reason));
  await clock.advance(3_000);
  expect([laser.heard, reasons]).toEqual([[], []]);
  sleptS = 60;
  await clock.advance(300);
  expect([laser.heard, reasons]).toEqual([['OFF'], ['asleep']]);
});

test('STOP that is pressed while everything is made safe for another reason is still a STOP', async () => {
  const [clock, laser] = [new ManualClock(), new Laser()];
  let guardian: Guardian | undefined;
  const start = startInProcess({ clock, openPort: laser.open, identityOf }, (started) => {
    guardian = started;
  });
  const client = new GuardianClient({ start, clock });
  const link = await client.openLink(PORT, 'laser');
  await link.protect(OFF);
  const acts: SafetyAct[] = [];
  client.acted.connect((act) => acts.push(act));
  laser.hears = false;
  void guardian?.act('host-silent', null);
  const stop = guardian?.act('stop', 'anna');
  await clock.advance(500);
  expect(await stop).toMatchObject({ reason: 'stop', by: 'anna' });
  expect(acts.map(({ reason }) => reason)).toEqual(['host-silent', 'stop']);
});

test('a guardian that dies while it takes the place of another is replaced, too, and no port is lost', async () => {
  const [clock, laser] = [new ManualClock(), new Laser()];
  const guardians: Guardian[] = [];
  let isStuck = false;
  const openPort = async () => {
    if (isStuck) await new Promise(() => {});
    return laser.open();
  };
  const start = startInProcess({ clock, openPort, identityOf }, (started) => void guardians.push(started));
  const client = new GuardianClient({ start, clock });
  client.acted.connect((act) => client.rearm(act));
  const link = await client.openLink(PORT, 'laser');
  await link.protect(OFF);
  isStuck = true;
  void guardians[0]?.ended();
  await clock.advance(1);
  isStuck = false;
  void guardians[1]?.ended();
  await clock.advance(1);
  expect(guardians).toHaveLength(3);
  expect(laser.heard).toEqual(['OFF', 'OFF']);
  expect(await link.query('P 5', { timeoutMs: 100 })).toBe('OK');
});

test('a guardian is replaced as often as it takes, when it does not die again and again', async () => {
  const [clock, laser] = [new ManualClock(), new Laser()];
  const guardians: Guardian[] = [];
  const start = startInProcess({ clock, openPort: laser.open, identityOf }, (started) => void guardians.push(started));
  const client = new GuardianClient({ start, clock });
  client.acted.connect((act) => client.rearm(act));
  const link = await client.openLink(PORT, 'laser');
  for (let day = 0; day < 8; day++) {
    await clock.advance(100_000);
    void guardians.at(-1)?.ended();
    await clock.advance(1);
  }
  expect(await link.query('P 5', { timeoutMs: 100 })).toBe('OK');
});

test('a laser that was unplugged while it shone is looked for after the host has gone, made safe, and written down', async () => {
  const [clock, laser] = [new ManualClock(), new Laser()];
  const records: SafetyAct[] = [];
  let guardian: Guardian | undefined;
  const start = startInProcess(
    { clock, openPort: laser.open, identityOf, record: async (act) => void records.push(act) },
    (started) => {
      guardian = started;
    },
  );
  const client = new GuardianClient({ start, clock });
  await client.greet({ session: 'test', recordPath: '/nowhere' });
  const link = await client.openLink(PORT, 'laser');
  await link.protect(OFF);
  laser.unplug();
  await clock.advance(10);
  void guardian?.hostGone();
  await clock.advance(2_000);
  expect(laser.heard).toEqual([]);
  laser.isPluggedIn = true;
  await clock.advance(2_000);
  expect(laser.heard).toEqual(['OFF']);
  expect(records).toMatchObject([{ reason: 'port-back', devices: [{ device: 'laser', outcome: 'confirmed' }] }]);
});

describe('what is plugged in again', () => {
  const SERIAL = { vendorId: '2341', productId: '8037' } as const;

  /** A lit laser at `p` whose cable is pulled; `ports` is what the computer lists. @returns the paths that were opened after that. */
  async function unpluggedFrom(path: string, ports: ListedPort[]) {
    const [clock, laser] = [new ManualClock(), new Laser()];
    const opened: string[] = [];
    const openPort = async (options: LinkOptions) => {
      opened.push(options.kind === 'serial' ? options.path : '');
      return laser.open();
    };
    const links = inProcessLinks({ clock, openPort, identityOf, findDevice: findDevice(async () => ports) });
    const link = await links.open({ ...PORT, path }, 'laser');
    await link.protect(OFF);
    await clock.advance(10);
    laser.unplug();
    ports.length = 0;
    opened.length = 0;
    laser.isPluggedIn = true;
    return { clock, laser, opened };
  }

  test('is known by its serial number, at whatever port, and another device at the old port is told nothing', async () => {
    const ports = [{ path: '/dev/ttyACM0', ...SERIAL, serialNumber: 'A1' }];
    const { clock, laser, opened } = await unpluggedFrom('/dev/ttyACM0', ports);
    await clock.advance(3_000);
    ports.push({ path: '/dev/ttyACM0', ...SERIAL, serialNumber: 'B2' });
    await clock.advance(3_000);
    expect([opened, laser.heard]).toEqual([[], []]);
    ports.push({ path: '/dev/ttyACM1', ...SERIAL, serialNumber: 'A1' });
    await clock.advance(1_500);
    expect([opened, laser.heard]).toEqual([['/dev/ttyACM1'], ['OFF']]);
  });

  test('without a serial number is what is of the same kind at the same port', async () => {
    const ports: ListedPort[] = [{ path: 'COM7', ...SERIAL }];
    const { clock, laser, opened } = await unpluggedFrom('COM7', ports);
    ports.push({ path: 'COM8', ...SERIAL }, { path: 'COM7', vendorId: '1a86', productId: '7523' });
    await clock.advance(3_000);
    expect(opened).toEqual([]);
    ports[1] = { path: 'COM7', ...SERIAL };
    await clock.advance(1_500);
    expect([opened, laser.heard]).toEqual([['COM7'], ['OFF']]);
  });

  test('of which the computer tells nothing is known by its port', async () => {
    const { clock, laser, opened } = await unpluggedFrom('COM1', [{ path: 'COM1' }]);
    await clock.advance(1_500);
    expect([opened, laser.heard]).toEqual([['COM1'], ['OFF']]);
  });

  test('at the number of a pseudo-terminal is somebody else', async () => {
    const { clock, laser, opened } = await unpluggedFrom('/dev/pts/4', []);
    await clock.advance(10_000);
    expect([opened, laser.heard]).toEqual([[], []]);
  });
});

import { Device, type DeviceContext, type Link, type LinkOptions, portOf } from 'redsun/sdk/device';
import { createLogger, LogBuffer } from 'redsun/sdk/log';
import { ManualClock } from 'redsun/sdk/testing';
import { RedsunError } from 'redsun/sdk/util';
import { describe, expect, test } from 'vitest';
import { type BytePort, PortListeners } from '../../guardian/ports/byte-port.ts';
import { inProcessLinks } from '../guardian/testing/in-process-guardian.ts';
import { DEVICE_DEADLINES, type DeviceClass, type DeviceRecipe, DeviceRoster } from './device-roster.ts';

const LINE = { kind: 'serial', path: 'COM7', baudRate: 9600, lineEnd: '\n' } as const;

/** A box with several laser lines behind one port. @param faults - what it answers with FAULT. */
class LaserBoxPort implements BytePort {
  readonly heard: string[] = [];
  readonly #listeners = new PortListeners();
  readonly #faults: ReadonlySet<string>;
  closings = 0;
  readonly onData = this.#listeners.onData;
  readonly onClose = this.#listeners.onClose;

  constructor(faults: ReadonlySet<string>) {
    this.#faults = faults;
  }
  write(bytes: Uint8Array): void {
    const line = new TextDecoder().decode(bytes).trim();
    this.heard.push(line);
    const answer = this.#faults.has(line) ? 'FAULT' : 'OK';
    queueMicrotask(() => this.#listeners.data(new TextEncoder().encode(`${answer}\n`)));
  }
  async close(): Promise<void> {
    this.closings++;
    this.#listeners.closed(null);
  }
  unplug(): void {
    this.#listeners.closed(new Error('unplugged'));
  }
}

/** The box itself: asked who it is once, however many lines are used. */
class LaserBox {
  readonly #link: Link;
  static async connect(link: Link): Promise<LaserBox> {
    await link.query('WHO', { timeoutMs: 100 });
    return new LaserBox(link);
  }
  constructor(link: Link) {
    this.#link = link;
  }
  switchOn(line: string): Promise<string> {
    return this.#link.query(`${line} ON`, { timeoutMs: 100 });
  }
}

class LaserLine extends Device {
  readonly #options: { readonly line: string; readonly link: LinkOptions };
  readonly #context: DeviceContext;
  constructor(name: string, options: { readonly line: string; readonly link: LinkOptions }, context: DeviceContext) {
    super(name);
    this.#options = options;
    this.#context = context;
  }
  async connect(): Promise<void> {
    const { link } = await this.share();
    const { line } = this.#options;
    const expect = { kind: 'line', equals: 'OK' } as const;
    await link.protect({ device: this.name, order: 'light', steps: [{ send: `${line} OFF`, expect, timeoutMs: 100 }] });
    await this.switchOn();
  }
  async switchOn(): Promise<void> {
    const { controller } = await this.share();
    const answer = await controller.switchOn(this.#options.line);
    if (answer !== 'OK') throw new RedsunError('device/refused', `${this.name}: ${answer}`);
  }
  share() {
    return this.#context.shareLink(this.#options.link, LaserBox);
  }
  readConfiguration() {
    return {};
  }
  describeConfiguration() {
    return {};
  }
}

/** A device that wants the whole port. */
class Loner extends Device {
  readonly #context: DeviceContext;
  constructor(name: string, _options: unknown, context: DeviceContext) {
    super(name);
    this.#context = context;
  }
  async connect(): Promise<void> {
    await this.#context.openLink(LINE);
  }
  readConfiguration() {
    return {};
  }
  describeConfiguration() {
    return {};
  }
}

function build(open: (count: number) => Promise<void> = async () => {}) {
  const clock = new ManualClock();
  const identityOf = async (options: LinkOptions) => portOf(options);
  const log = new LogBuffer();
  const ports: LaserBoxPort[] = [];
  const faults = new Set<string>();
  const links = inProcessLinks({
    clock,
    identityOf,
    openPort: async () => {
      const port = new LaserBoxPort(faults);
      ports.push(port);
      await open(ports.length);
      return port;
    },
  });
  const loggerFor = (name: string) => createLogger(name, () => clock.now(), log.write);
  const roster = new DeviceRoster(clock, loggerFor, null, DEVICE_DEADLINES, identityOf);
  const recipe = (name: string, device: unknown, options: Record<string, unknown> = {}): DeviceRecipe => ({
    name,
    plugin: 'test',
    pluginId: name,
    options,
    load: () => device as DeviceClass,
    openLink: (wanted) => links.open(wanted, name),
    startWorker: () => {
      throw new Error('no workers here');
    },
  });
  const line = (name: string, link: LinkOptions = LINE) => recipe(name, LaserLine, { line: name, link });
  const reasonOf = (name: string) => {
    const state = roster.states.get(name)?.state;
    return state?.kind === 'failed' ? state.error.message : null;
  };
  return { clock, faults, links, ports, roster, recipe, line, reasonOf, log };
}

describe('devices that share a line', () => {
  test('open it once, shake hands once, and each speaks and is protected under its own name', async () => {
    const { clock, links, ports, roster, line } = build();
    await clock.run(roster.build([line('red'), line('blue')]));
    expect([...roster.devices.keys()]).toEqual(['red', 'blue']);
    expect(ports.map(({ heard }) => heard)).toEqual([['WHO', 'red ON', 'blue ON']]);
    const { link } = await clock.run((roster.devices.get('blue') as LaserLine).share());
    const said = await clock.run(link.query('T?', { timeoutMs: 100 }).then(() => link.recentExchanges()));
    expect(said.map(({ by, sent }) => [by, sent])).toEqual([
      ['red', 'WHO\n'],
      ['red', 'red ON\n'],
      ['red, blue', 'blue ON\n'],
      ['blue', 'T?\n'],
    ]);
    const act = await clock.run(links.client.makeSafe('asked'));
    expect(act.devices.map(({ device, outcome, sent }) => [device, outcome, sent])).toEqual([
      ['red', 'confirmed', 'red OFF\n'],
      ['blue', 'confirmed', 'blue OFF\n'],
    ]);
  });

  test('one that fails is put out and built anew on the same line, and the other goes on', async () => {
    const { clock, faults, links, ports, roster, line } = build();
    faults.add('blue ON');
    await clock.run(roster.build([line('red'), line('blue')]));
    const port = ports[0]!;
    expect([...roster.devices.keys()]).toEqual(['red']);
    expect(port.heard.slice(-2)).toEqual(['blue ON', 'blue OFF']);
    expect(port.heard).not.toContain('red OFF');
    const said = await clock.run(roster.linksOf('blue')[0]!.recentExchanges());
    expect(said.at(-1)).toMatchObject({ sent: 'blue ON\n', received: 'FAULT' });
    await clock.run((roster.devices.get('red') as LaserLine).switchOn());
    const act = await clock.run(links.client.makeSafe('asked'));
    expect(act.devices.map(({ device }) => device)).toEqual(['red']);
    links.client.rearm(act);
    faults.clear();
    await clock.run(roster.retry('blue'));
    await clock.run((roster.devices.get('red') as LaserLine).switchOn());
    expect([...roster.devices.keys()]).toEqual(['red', 'blue']);
    expect([ports.length, port.closings, port.heard.filter((heard) => heard === 'WHO').length]).toEqual([1, 0, 1]);
  });

  test('must open it in the same way: who does not is told by name how they differ', async () => {
    const { clock, roster, line, reasonOf } = build();
    await clock.run(
      roster.build([line('red', { ...LINE, dataBits: 8 }), line('blue', { ...LINE, baudRate: 115_200 })]),
    );
    expect(reasonOf('red')).toBe(null);
    expect(reasonOf('blue')).toBe('COM7: blue wants it with baudRate 115200, but red has it with baudRate 9600');
  });

  test('keep it from one that wants it for itself, which is told who they are', async () => {
    const { clock, roster, recipe, line, reasonOf } = build();
    await clock.run(roster.build([line('red'), line('blue')]));
    await clock.run(roster.build([recipe('loner', Loner)]));
    expect(reasonOf('loner')).toBe('loner cannot have COM7 for itself, as red and blue share it');
  });

  test('lose it at the end of the session, once, each made safe before', async () => {
    const { clock, ports, roster, line } = build();
    await clock.run(roster.build([line('red'), line('blue')]));
    await clock.run(roster.shutdown());
    await clock.run(roster.shutdown());
    expect(ports.map(({ closings, heard }) => [closings, heard.slice(3)])).toEqual([[1, ['blue OFF', 'red OFF']]]);
  });

  test('open it anew after it was pulled out, whoever asks first', async () => {
    const { clock, ports, roster, line } = build();
    await clock.run(roster.build([line('red'), line('blue')]));
    ports[0]?.unplug();
    const [red, blue] = [roster.devices.get('red') as LaserLine, roster.devices.get('blue') as LaserLine];
    await expect(clock.run(red.switchOn())).rejects.toMatchObject({ code: 'link/lost' });
    await clock.run(red.connect());
    await clock.run(blue.connect());
    expect(ports.map(({ heard }) => heard)).toEqual([
      ['WHO', 'red ON', 'blue ON'],
      ['WHO', 'red ON', 'blue ON'],
    ]);
  });
});

test('a port that opens after its device was given up is closed, and the device can be built again', async () => {
  let letIn: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  const { clock, ports, roster, recipe, reasonOf } = build((count) => (count === 1 ? held : Promise.resolve()));
  await clock.run(roster.build([recipe('loner', Loner)]));
  expect(reasonOf('loner')).toBe('loner: not connected after 10000 ms');
  letIn();
  await clock.advance(1);
  expect(ports.map(({ closings }) => closings)).toEqual([1]);
  await clock.run(roster.retry('loner'));
  expect([...roster.devices.keys()]).toEqual(['loner']);
});

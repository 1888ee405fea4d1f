import type { Clock } from '../util/clock.ts';
import { RedsunError } from '../util/errors.ts';
import { LineShare } from './line-share.ts';
import { differenceOf, type Link, type LinkOptions, portOf } from './link.ts';
import { spokenBy, WatchedLink } from './watched-link.ts';

/** What several devices on one line have in common: a controller, of which there is one for each port. */
export interface ControllerKind<C> {
  /** For messages: that of the class. */
  readonly name: string;
  /** Shakes hands. Called once, by whichever device comes first; the others wait for it. */
  connect(link: Link, clock: Clock): Promise<C>;
}

/** The part that one device has in a line of several. */
export interface SharedLink<C> {
  /** Speaks under the name of the device. Closing it gives this share back; with the last one the port is closed. */
  readonly link: Link;
  /** One for all devices on the line. Its `shutdown()`, if it has one, is called before the port is closed. */
  readonly controller: C;
}

/** What is common to the shares of a port. */
interface Line {
  readonly port: string;
  readonly options: LinkOptions;
  readonly kind: ControllerKind<unknown>;
  /** A share for each device, from when it asks. */
  readonly shares: Map<string, LineShare>;
  readonly opened: Promise<{ readonly link: Link; readonly controller: unknown }>;
}

/** What the lines of a session need. */
export interface SharedLinksOptions {
  /** For deadlines. */
  readonly clock: Clock;
  /** One name for each port, however it is written. Default: as it is written. */
  readonly identityOf?: (options: LinkOptions) => Promise<string>;
}

/** The lines of a session that several devices share. A line belongs to nobody but the session: it goes with its last device. */
export class SharedLinks {
  readonly #clock: Clock;
  readonly #identityOf: (options: LinkOptions) => Promise<string>;
  readonly #lines = new Map<string, Line>();
  /** Ports that are being closed: they are opened again after that. */
  readonly #closing = new Map<string, Promise<void>>();

  constructor({ clock, identityOf = async (options) => portOf(options) }: SharedLinksOptions) {
    this.#clock = clock;
    this.#identityOf = identityOf;
  }

  /**
   * The share of a device, which is the same each time until it is given back or the port is lost.
   * @param open - opens the port, when nobody has it.
   * @throws RedsunError `link/options-differ`, `link/in-use`; what `open` and `connect` throw, for all that wait for them
   */
  async share<C>(
    device: string,
    options: LinkOptions,
    kind: ControllerKind<C>,
    open: (options: LinkOptions) => Promise<Link>,
  ): Promise<SharedLink<C>> {
    const own = this.#ownOf(device, options, kind);
    if (own) return this.#take(own, device, options);
    const port = await this.#identityOf(options);
    for (let closing = this.#closing.get(port); closing; closing = this.#closing.get(port)) await closing;
    const line = this.#lines.get(port) ?? this.#open(port, options, kind, open);
    expectSame(line, device, options, kind);
    return this.#take(line, device, options);
  }

  /** Gives back what a device has, also what it still waits for. */
  async leave(device: string): Promise<void> {
    for (const line of [...this.#lines.values()]) await line.shares.get(device)?.close();
  }

  /** Who shares the port of these options, by name; empty: nobody. */
  async usersOf(options: LinkOptions): Promise<readonly string[]> {
    return usersOf(this.#lines.get(await this.#identityOf(options)));
  }

  /** Asked again it costs nothing: devices do that for every exchange. */
  #ownOf(device: string, options: LinkOptions, kind: ControllerKind<unknown>): Line | null {
    const port = portOf(options);
    for (const line of this.#lines.values()) {
      if (!line.shares.has(device) || line.kind !== kind || portOf(line.options) !== port) continue;
      if (differenceOf(options, line.options) === null) return line;
    }
    return null;
  }

  async #take<C>(line: Line, device: string, options: LinkOptions): Promise<SharedLink<C>> {
    let share = line.shares.get(device);
    if (!share) {
      const all = () => line.shares.values();
      share = new LineShare(device, options, all, (given) => this.#giveBack(line, given));
      line.shares.set(device, share);
    }
    const { link, controller } = await line.opened;
    if (line.shares.get(device) !== share) throw share.closedError();
    share.begin(link, () => this.#drop(line));
    return { link: share, controller: controller as C };
  }

  #open(
    port: string,
    options: LinkOptions,
    kind: ControllerKind<unknown>,
    open: (options: LinkOptions) => Promise<Link>,
  ): Line {
    const line: Line = { port, options, kind, shares: new Map(), opened: this.#meet(() => line, options, kind, open) };
    this.#lines.set(port, line);
    line.opened.catch(() => this.#drop(line));
    return line;
  }

  async #meet(
    line: () => Line,
    options: LinkOptions,
    kind: ControllerKind<unknown>,
    open: (options: LinkOptions) => Promise<Link>,
  ): Promise<{ readonly link: Link; readonly controller: unknown }> {
    const link = await open(options);
    try {
      const controllers = new WatchedLink(
        spokenBy(link, () => usersOf(line()).join(', ')),
        () => this.#drop(line()),
      );
      return { link, controller: await kind.connect(controllers, this.#clock) };
    } catch (thrown) {
      await link.close();
      throw thrown;
    }
  }

  /** A port that is lost: who asks next opens it anew. */
  #drop(line: Line): void {
    if (this.#lines.get(line.port) === line) this.#lines.delete(line.port);
  }

  async #giveBack(line: Line, share: LineShare): Promise<void> {
    const { port, shares } = line;
    if (shares.get(share.device) !== share) return;
    shares.delete(share.device);
    if (shares.size > 0) return share.endProtection();
    const isLost = this.#lines.get(port) !== line;
    this.#drop(line);
    const closed = closeLine(line);
    if (isLost) return closed;
    const settled = closed.then(
      () => {},
      () => {},
    );
    this.#closing.set(port, settled);
    try {
      await closed;
    } finally {
      if (this.#closing.get(port) === settled) this.#closing.delete(port);
    }
  }
}

function usersOf(line: Line | undefined): readonly string[] {
  return line ? [...line.shares.keys()] : [];
}

async function closeLine({ opened }: Line): Promise<void> {
  const there = await opened.catch(() => null);
  if (!there) return;
  const { link, controller } = there;
  try {
    if (hasShutdown(controller)) await controller.shutdown();
  } finally {
    await link.close();
  }
}

function expectSame(line: Line, device: string, options: LinkOptions, kind: ControllerKind<unknown>): void {
  const others = usersOf(line).filter((user) => user !== device);
  const [port, who] = [portOf(options), others.join(' and ') || device];
  const difference = differenceOf(options, line.options);
  if (difference !== null) {
    const { key, one, other } = difference;
    const message = `${port}: ${device} wants it with ${key} ${one}, but ${who} has it with ${key} ${other}`;
    throw new RedsunError('link/options-differ', message);
  }
  if (kind === line.kind) return;
  const message = `${port}: ${device} takes it for a ${kind.name}, but ${who} for a ${line.kind.name}`;
  throw new RedsunError('link/in-use', message);
}

function hasShutdown(controller: unknown): controller is { shutdown(): unknown } {
  const isObject = typeof controller === 'object' && controller !== null;
  return isObject && 'shutdown' in controller && typeof controller.shutdown === 'function';
}

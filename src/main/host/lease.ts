import {
  type ControllerKind,
  type DeviceContext,
  type Link,
  type LinkOptions,
  type PDevice,
  portOf,
  type SafeState,
  type SharedLink,
  type SharedLinks,
  type WorkerHandle,
} from 'redsun/sdk/device';
import type { Logger } from 'redsun/sdk/log';
import { type Clock, RedsunError } from 'redsun/sdk/util';

/** What a device is lent by. */
export interface Lender {
  readonly name: string;
  readonly openLink: (options: LinkOptions) => Promise<Link>;
  readonly startWorker: DeviceContext['startWorker'];
  readonly shared: SharedLinks;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly devices: ReadonlyMap<string, PDevice>;
}

/** What a report says of a link. */
export type ReportedLink = Pick<Link, 'description' | 'recentExchanges'>;

/** What was lent to one device that was built, or failed to be: its links, its shares, its threads. All of it ends with the device. */
export class Lease {
  readonly #lender: Lender;
  readonly #lent: (Link | WorkerHandle)[] = [];
  /** What the device got, by what it was lent. */
  readonly #links = new Map<Link, Link>();
  readonly #states = new Map<string, SafeState>();
  #said: readonly ReportedLink[] = [];
  #isOver = false;

  constructor(lender: Lender) {
    this.#lender = lender;
  }

  get context(): DeviceContext {
    const { clock, logger, devices } = this.#lender;
    return {
      clock,
      logger,
      devices,
      openLink: (options) => this.#openLink(options),
      shareLink: (options, controller) => this.#shareLink(options, controller),
      startWorker: (module) => this.#startWorker(module),
    };
  }

  /** Links that are open, its share of others too; after the end those that were, with what was said last. */
  get links(): readonly ReportedLink[] {
    return this.#isOver ? this.#said : [...this.#links.values()];
  }

  /** How the device asked to be made safe. */
  get safeStates(): readonly SafeState[] {
    return [...this.#states.values()];
  }

  /** Takes everything back, the newest first, each by `end`. What the device still asks for, or still waits for, it does not get. */
  async end(end: (action: () => unknown) => Promise<void>): Promise<void> {
    // Asked before the ports are closed and not waited for: why a device failed is what reports are about.
    if (!this.#isOver) this.#said = [...this.#links.values()].map(lastSaid);
    this.#isOver = true;
    this.#links.clear();
    for (const thing of this.#lent.splice(0).reverse()) {
      await end(() => ('close' in thing ? thing.close() : thing.terminate()));
    }
    await end(() => this.#lender.shared.leave(this.#lender.name));
  }

  async #openLink(options: LinkOptions): Promise<Link> {
    this.#expectGoing();
    const { name, shared, openLink } = this.#lender;
    const users = await shared.usersOf(options);
    if (users.length > 0) {
      const message = `${name} cannot have ${portOf(options)} for itself, as ${users.join(' and ')} share it`;
      throw new RedsunError('link/in-use', message);
    }
    const link = await openLink(options);
    // It may have taken longer than anybody waited: nobody would close it then, and the device could not be built again.
    if (this.#isOver) await link.close();
    this.#expectGoing();
    this.#lent.push(link);
    return this.#noted(link);
  }

  async #shareLink<C>(options: LinkOptions, controller: ControllerKind<C>): Promise<SharedLink<C>> {
    this.#expectGoing();
    const { name, shared, openLink } = this.#lender;
    const share = await shared.share<C>(name, options, controller, openLink);
    this.#expectGoing();
    return { ...share, link: this.#noted(share.link) };
  }

  /** The link as the device gets it: what it says of its safe state is remembered. */
  #noted(link: Link): Link {
    const known = this.#links.get(link);
    if (known) return known;
    const noted: Link = {
      description: link.description,
      query: (line, options) => link.query(line, options),
      exchange: (bytes, options) => link.exchange(bytes, options),
      send: (line) => link.send(line),
      onUnsolicited: (listener) => link.onUnsolicited(listener),
      protect: async (state) => {
        await link.protect(state);
        if (state.steps.length > 0) this.#states.set(state.device, state);
        else this.#states.delete(state.device);
      },
      recentExchanges: () => link.recentExchanges(),
      close: async () => {
        this.#links.delete(link);
        await link.close();
      },
    };
    this.#links.set(link, noted);
    return noted;
  }

  #startWorker(module: string): WorkerHandle {
    this.#expectGoing();
    const worker = this.#lender.startWorker(module);
    worker.onError((error) => this.#lender.logger.error(`Worker ${module}: ${error.message}`));
    this.#lent.push(worker);
    return worker;
  }

  #expectGoing(): void {
    if (!this.#isOver) return;
    throw new RedsunError('device/gone', `${this.#lender.name}: what it was lent was taken back`);
  }
}

function lastSaid({ description, recentExchanges }: Link): ReportedLink {
  const said = recentExchanges();
  said.catch(() => {});
  return { description, recentExchanges: () => said };
}

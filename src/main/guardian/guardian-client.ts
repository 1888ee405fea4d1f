import { type Link, type OpenLink, portOf } from 'redsun/sdk/device';
import { asError, type Clock, RedsunError } from 'redsun/sdk/util';
import { Signal } from 'redsun/sdk/virtual';
import {
  BEAT_MS,
  type DoneValue,
  type GuardianMessage,
  type HostMessage,
  type HostRequest,
  textToBytes,
} from '../../guardian/messages.ts';
import type { SafetyAct, SafetyReason } from '../../shared/guardian/safety-act.ts';
import { GuardedLink } from './guarded-link.ts';
import type { GuardianConnection, StartGuardian } from './guardian-connection.ts';

/** Guardians that die soon after they were started are not started for ever: so many, each within so many ms of the one before. */
const RESTARTS = 5;
const SOON_MS = 60_000;
/** Time to say goodbye: ports are made safe and closed, ms. */
const GOODBYE_MS = 3_000;

interface Pending {
  readonly resolve: (value: DoneValue) => void;
  readonly reject: (error: Error) => void;
}

export interface GuardianClientOptions {
  readonly start: StartGuardian;
  readonly clock: Clock;
}

/** What the guardian is to know of this host. */
export interface GuardianGreeting {
  readonly session: string;
  /** Where acts are written down for the next session; null: nowhere. */
  readonly recordPath: string | null;
}

/** Where pages reach the guardian. */
export interface PageAddress {
  readonly port: number;
  readonly token: string;
}

/** The host's side of the guardian: links, beats, what it did, and another one when it dies. */
export class GuardianClient {
  /** From now on nothing gets through to devices. Listeners must not ask devices for anything yet. */
  readonly acting = new Signal<[reason: SafetyReason, by: string | null]>();
  /** Everything was made safe; nothing gets through until `rearm`. */
  readonly acted = new Signal<[act: SafetyAct]>();
  /** A guardian has died; another one is being started. */
  readonly died = new Signal<[message: string]>();
  readonly #start: StartGuardian;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  readonly #links = new Map<number, GuardedLink>();
  #connection: Promise<GuardianConnection>;
  #now: GuardianConnection | null = null;
  #greeting: GuardianGreeting = { session: '', recordPath: null };
  #pages: { address: Promise<PageAddress>; readonly hostname: string; readonly origins: readonly string[] } | null =
    null;
  #nextId = 1;
  #restarts = 0;
  #diedMs = Number.NEGATIVE_INFINITY;
  #beat: Disposable;
  #isOver = false;

  /** Starts a guardian at once; what is asked of it waits until it is there. */
  constructor({ start, clock }: GuardianClientOptions) {
    this.#start = start;
    this.#clock = clock;
    this.#connection = this.#connect();
    // Told where it is awaited: who opens no link need not know.
    this.#connection.catch(() => {});
    this.#beat = clock.setTimeout(() => this.#onBeat(), BEAT_MS);
  }

  /** Process number of the guardian; null while there is none. */
  get pid(): number | null {
    return this.#now?.pid ?? null;
  }

  /** @throws RedsunError `link/in-use`, `link/open-failed`, `guardian/not-started` */
  readonly openLink: OpenLink = async (options, owner) => {
    const number = this.#nextId++;
    const link = new GuardedLink(number, options, owner, this);
    await this.ask({ kind: 'open', link: number, options, owner });
    this.#links.set(number, link);
    return link satisfies Link;
  };

  async greet(greeting: GuardianGreeting): Promise<void> {
    this.#greeting = greeting;
    const connection = await this.#connection;
    connection.post({ kind: 'hello', ...greeting });
  }

  /** Opens the socket for pages, once; the address of a guardian that takes its place is the same where that can be. */
  servePages(hostname: string, origins: readonly string[], token: string): Promise<PageAddress> {
    const address = this.#servePages(hostname, origins, { port: 0, token });
    this.#pages = { address, hostname, origins };
    return address;
  }

  /** Asks the guardian to make everything safe by itself. */
  async makeSafe(reason: SafetyReason): Promise<SafetyAct> {
    return (await this.ask({ kind: 'make-safe', reason })) as SafetyAct;
  }

  /** What the act was about has been dealt with: devices may be talked to again. */
  rearm(act: SafetyAct): void {
    this.#now?.post({ kind: 'rearm', act: act.number });
  }

  /** Makes safe what is protected, closes all ports and ends the guardian. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#beat[Symbol.dispose]();
    const connection = await this.#connection.catch(() => null);
    if (!connection) return;
    const gone = new Promise<void>((resolve) => connection.onEnd(resolve));
    const goodbye = this.ask({ kind: 'goodbye' }).then(() => gone);
    await Promise.race([goodbye, gone, this.#clock.sleep(GOODBYE_MS)]);
    connection.destroy();
  }

  /** For links. @throws RedsunError with the code of the guardian */
  async ask(message: HostRequest, signal?: AbortSignal): Promise<DoneValue> {
    signal?.throwIfAborted();
    const connection = await this.#connection;
    const id = this.#nextId++;
    const cancel = () => {
      connection.post({ kind: 'cancel', id });
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      pending?.reject(asError(signal?.reason));
    };
    try {
      return await new Promise<DoneValue>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        signal?.addEventListener('abort', cancel, { once: true });
        connection.post({ ...message, id } as HostMessage);
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** For links. */
  forget(link: number): void {
    this.#links.delete(link);
  }

  async #connect(): Promise<GuardianConnection> {
    const connection = await this.#start();
    connection.onMessage((message) => this.#take(message));
    connection.onEnd(() => this.#ended(connection));
    connection.post({ kind: 'hello', ...this.#greeting });
    this.#now = connection;
    return connection;
  }

  #onBeat(): void {
    this.#beat = this.#clock.setTimeout(() => this.#onBeat(), BEAT_MS);
    this.#now?.post({ kind: 'beat' });
  }

  #take(message: GuardianMessage): void {
    switch (message.kind) {
      case 'ready':
        return;
      case 'done':
        this.#pending.get(message.id)?.resolve(message.value);
        this.#pending.delete(message.id);
        return;
      case 'failed': {
        const { code, message: why } = message;
        this.#pending.get(message.id)?.reject(RedsunError.passedOn(code, why));
        this.#pending.delete(message.id);
        return;
      }
      case 'unsolicited':
        this.#links.get(message.link)?.hear(textToBytes(message.bytes));
        return;
      case 'lost':
        this.#links.get(message.link)?.lose(new RedsunError('link/lost', message.message));
        this.#links.delete(message.link);
        return;
      case 'acting':
        this.acting.emit(message.reason, message.by);
        return;
      case 'acted':
        this.acted.emit(message.act);
    }
  }

  #ended(connection: GuardianConnection): void {
    if (this.#now !== connection) return;
    this.#now = null;
    const why = new RedsunError(
      'guardian/died',
      'The guardian process has died: nothing was sent to devices meanwhile',
    );
    for (const { reject } of this.#pending.values()) reject(why);
    this.#pending.clear();
    if (this.#isOver) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#diedMs > SOON_MS) this.#restarts = 0;
    this.#diedMs = nowMs;
    if (++this.#restarts > RESTARTS) {
      this.#connection = Promise.reject(
        new RedsunError('guardian/not-started', `The guardian process died ${this.#restarts} times: nothing may shine`),
      );
      this.#connection.catch(() => {});
      this.died.emit('The guardian process dies again and again. Nothing can be switched on; start the program anew.');
      return;
    }
    this.#connection = this.#replace();
    this.#connection.catch((thrown: unknown) => {
      if (this.#isOver) return;
      const { message } = asError(thrown);
      this.died.emit(
        `No other guardian process could be started: nothing may shine. Start the program anew. ${message}`,
      );
    });
    this.died.emit('The guardian process has died. Another one is started; everything is made safe first.');
  }

  /** Another guardian gets the ports and makes everything safe, before anything that waits gets through. */
  async #replace(): Promise<GuardianConnection> {
    const connection = await this.#connect();
    // What waits for `#connection` goes on only after all this was posted, and the guardian takes messages in order.
    const askNow = (message: HostRequest): Promise<DoneValue> => {
      const id = this.#nextId++;
      return new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        connection.post({ ...message, id } as HostMessage);
      });
    };
    for (const [number, link] of [...this.#links]) {
      try {
        await askNow({ kind: 'open', link: number, options: link.options, owner: link.owner });
        for (const state of link.states) await askNow({ kind: 'protect', link: number, state });
      } catch (thrown) {
        // This one has died, too: the next one is asked for the ports.
        if (this.#now !== connection) return this.#connection;
        link.lose(
          new RedsunError('link/lost', `${portOf(link.options)}: ${asError(thrown).message}`, { cause: thrown }),
        );
        this.#links.delete(number);
      }
    }
    const pages = this.#pages;
    if (pages) {
      const before = await pages.address.catch(() => null);
      if (this.#now !== connection) return this.#connection;
      if (before) {
        const serve = { hostname: pages.hostname, ...before, origins: pages.origins };
        pages.address = askNow({ kind: 'serve-pages', serve }).then(
          (again) => ({ port: Number(again), token: before.token }),
          () => before,
        );
      }
    }
    // Not waited for: the act itself is told by `acted`, and what waits for this connection is held until then.
    askNow({ kind: 'make-safe', reason: 'guardian-replaced' }).catch(() => {});
    return connection;
  }

  async #servePages(hostname: string, origins: readonly string[], { port, token }: PageAddress): Promise<PageAddress> {
    const served = await this.ask({ kind: 'serve-pages', serve: { hostname, port, token, origins } });
    return { port: Number(served), token };
  }
}

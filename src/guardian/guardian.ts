import type { LinkOptions } from 'redsun/sdk/device';
import { asError, type Clock, codeOf, RedsunError } from 'redsun/sdk/util';
import type { SafetyAct, SafetyOutcome, SafetyReason } from '../shared/guardian/safety-act.ts';
import { makeOneSafe, makeSafe, type Protected } from './make-safe.ts';
import {
  bytesToText,
  type DoneValue,
  type GuardianMessage,
  type HostMessage,
  type LinkId,
  SILENT_MS,
  textToBytes,
} from './messages.ts';
import { OwnedPorts } from './owned-ports.ts';
import type { OpenBytePort } from './ports/byte-port.ts';
import type { FindDevice } from './ports/find-device.ts';

/** How often it looks whether the host is well, ms. */
const LOOK_MS = 100;
/** A device that failed to become safe is told again this often, ms, and so many times. */
const RETRY_MS = 500;
const RETRIES = 60;

export interface GuardianOptions {
  readonly clock: Clock;
  /** How long the computer has been on, s, sleep included; the clock stands still while it sleeps. Whole seconds will do. */
  readonly uptimeS: () => number;
  readonly openPort: OpenBytePort;
  readonly identityOf: (options: LinkOptions) => Promise<string>;
  readonly findDevice: FindDevice;
  /** To the host. */
  readonly post: (message: GuardianMessage) => void;
  /** What is written down, for the next session. */
  readonly record: (act: SafetyAct, path: string) => Promise<void>;
  /** Hears of acts and of how the host is; for pages. */
  readonly onActing?: (reason: SafetyReason, by: string | null) => void;
  readonly onActed?: (act: SafetyAct) => void;
  /** Opens the socket for pages. @returns its port. */
  readonly servePages?: (serve: Extract<HostMessage, { kind: 'serve-pages' }>['serve']) => Promise<number>;
  /** Nothing is left to look after: the process may end. */
  readonly onEnd: () => void;
}

/** Longest wait at the end for what is being written down, ms: the disk may hang. */
const RECORD_MS = 2_000;

/** What is answered. */
type Request = Exclude<Extract<HostMessage, { readonly id: number }>, { readonly kind: 'cancel' }>;

/** Owns the ports of one host, passes its exchanges on, and makes everything safe when the host cannot. Runs no code of devices. */
export class Guardian {
  readonly #options: GuardianOptions;
  readonly #ports: OwnedPorts;
  readonly #cancels = new Map<number, (why: Error) => void>();
  readonly #looking: { timer: Disposable };
  #session = '';
  #recordPath: string | null = null;
  /** One act after the other: a disk that hangs takes one thread, not all of them. Never rejects. */
  #recording: Promise<void> = Promise.resolve();
  #lastHeardMs: number;
  #lastLookMs: number;
  /** How far the uptime was ahead of the clock: it grows with each sleep. */
  #aheadMs: number;
  #acts = 0;
  /** The act that is going on. */
  #acting: { readonly reason: SafetyReason; readonly act: Promise<SafetyAct> } | null = null;
  /** Number of the act that the host has not dealt with: until then nothing of it gets through. */
  #held: number | null = null;
  #hostGone = false;

  constructor(options: GuardianOptions) {
    this.#options = options;
    const { clock, openPort, identityOf, findDevice, post } = options;
    this.#ports = new OwnedPorts({
      clock,
      openPort,
      identityOf,
      findDevice,
      onUnsolicited: (link, bytes) => post({ kind: 'unsolicited', link, bytes: bytesToText(bytes) }),
      onLost: (link, message) => post({ kind: 'lost', link, message }),
      onFound: (devices, startMs) => this.#note('port-back', devices, startMs),
    });
    this.#lastHeardMs = this.#lastLookMs = clock.monotonicMs();
    this.#aheadMs = this.#uptimeAheadMs();
    this.#looking = { timer: clock.setTimeout(() => this.#look(), LOOK_MS) };
  }

  /** How long the host has said nothing, ms. */
  get silentMs(): number {
    return this.#options.clock.monotonicMs() - this.#lastHeardMs;
  }

  get isHostGone(): boolean {
    return this.#hostGone;
  }

  /** A message of the host. Never throws. */
  receive(message: HostMessage): void {
    // After a sleep what the host had said before it may be read before any timer fires: a light that is lit so late is not wanted.
    this.#noticeSleep();
    this.#lastHeardMs = this.#options.clock.monotonicMs();
    switch (message.kind) {
      case 'hello':
        this.#session = message.session;
        this.#recordPath = message.recordPath;
        break;
      case 'beat':
        break;
      case 'cancel':
        this.#cancels.get(message.id)?.(new RedsunError('link/cancelled', 'The exchange was given up'));
        break;
      case 'rearm':
        if (this.#held === message.act) this.#held = null;
        break;
      default:
        this.#answer(message);
    }
  }

  /** The host has ended without a goodbye. */
  async hostGone(): Promise<void> {
    if (this.#hostGone) return;
    this.#hostGone = true;
    const act = await this.act('host-gone', null);
    await this.#persist(act);
    // What was unplugged while it shone is looked for: nobody else does.
    await this.#ports.whenSearched();
    this.#end();
  }

  /** Somebody ends the guardian. */
  async ended(): Promise<void> {
    await this.act('guardian-ended', null);
    this.#end();
  }

  /** Makes everything safe, now. Asked again meanwhile it is the same act, but for STOP, which means more. Never rejects. */
  act(reason: SafetyReason, by: string | null): Promise<SafetyAct> {
    const going = this.#acting;
    if (going && (reason !== 'stop' || going.reason === 'stop')) return going.act;
    // What an act before it has told devices is told again: the host learns that the run is not to be paused but over.
    const act = (going ? going.act.then(() => this.#act(reason, by)) : this.#act(reason, by)).finally(() => {
      if (this.#acting?.act === act) this.#acting = null;
    });
    this.#acting = { reason, act };
    return act;
  }

  async #act(reason: SafetyReason, by: string | null): Promise<SafetyAct> {
    const { clock, post, onActing, onActed } = this.#options;
    const number = ++this.#acts;
    const time = clock.now();
    const startMs = clock.monotonicMs();
    this.#held = number;
    post({ kind: 'acting', act: number, reason, by });
    onActing?.(reason, by);
    this.#ports.giveUpAll(held());
    const devices = await makeSafe(this.#ports.protectedDevices, clock);
    const act = { number, reason, by, time, session: this.#session, devices, tookMs: clock.monotonicMs() - startMs };
    this.#record(act);
    post({ kind: 'acted', act });
    onActed?.(act);
    return act;
  }

  /** What failed is tried again until it answers, as nobody else is there to do it. */
  async #persist(act: SafetyAct): Promise<void> {
    const { clock, onActed } = this.#options;
    let failed = namesOfFailed(act.devices);
    for (let attempt = 0; failed.size > 0 && attempt < RETRIES; attempt++) {
      await clock.sleep(RETRY_MS);
      const again = this.#ports.protectedDevices.filter(({ state }) => failed.has(state.device));
      if (again.length === 0) return;
      const startMs = clock.monotonicMs();
      const devices = await makeSafe(again, clock);
      const stillFailed = namesOfFailed(devices);
      if (stillFailed.size < failed.size) {
        const tookMs = clock.monotonicMs() - startMs;
        const later = { ...act, number: ++this.#acts, time: clock.now(), devices, tookMs };
        this.#record(later);
        onActed?.(later);
      }
      failed = stillFailed;
    }
  }

  #record(act: SafetyAct): void {
    const path = this.#recordPath;
    if (path === null || act.devices.length === 0) return;
    this.#recording = this.#recording.then(() => this.#options.record(act, path));
  }

  #look(): void {
    const { clock } = this.#options;
    this.#looking.timer = clock.setTimeout(() => this.#look(), LOOK_MS);
    this.#noticeSleep();
    if (this.#isOnGuard && this.silentMs > SILENT_MS) void this.act('host-silent', null);
  }

  /** Nobody looked for so long, this process neither: what the host said meanwhile does not count. */
  #noticeSleep(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const gapMs = nowMs - this.#lastLookMs;
    this.#lastLookMs = nowMs;
    // Either this process stood still, or the computer did and its clock with it.
    const awayMs = this.#uptimeAheadMs() - this.#aheadMs;
    if (awayMs > SILENT_MS) this.#aheadMs += awayMs;
    if ((gapMs > SILENT_MS || awayMs > SILENT_MS) && this.#isOnGuard) void this.act('asleep', null);
  }

  #uptimeAheadMs(): number {
    const { clock, uptimeS } = this.#options;
    return uptimeS() * 1000 - clock.monotonicMs();
  }

  /** There is something to look after, and the host could reach it. */
  get #isOnGuard(): boolean {
    return this.#held === null && !this.#hostGone && this.#ports.protectedDevices.length > 0;
  }

  async #exchange(message: Extract<HostMessage, { kind: 'exchange' }>): Promise<string> {
    if (this.#held !== null) throw held();
    const { reply, cancel } = this.#ports.at(message.link).exchange({
      bytes: textToBytes(message.bytes),
      reply: message.reply,
      timeoutMs: message.timeoutMs,
      by: message.by,
      rank: 'normal',
    });
    this.#cancels.set(message.id, cancel);
    try {
      return bytesToText(await reply);
    } finally {
      this.#cancels.delete(message.id);
    }
  }

  async #close(link: LinkId): Promise<null> {
    const { clock } = this.#options;
    const startMs = clock.monotonicMs();
    const devices = await Promise.all(
      this.#ports.protectedOn(link).map((one: Protected) => makeOneSafe(one, startMs, clock)),
    );
    if (namesOfFailed(devices).size > 0) this.#note('port-closed', devices, startMs);
    await this.#ports.close(link);
    return null;
  }

  /** Writes down what nobody has to be asked about. */
  #note(reason: SafetyReason, devices: readonly SafetyOutcome[], startMs: number): void {
    const { clock } = this.#options;
    const tookMs = clock.monotonicMs() - startMs;
    const about = { number: ++this.#acts, reason, by: null, time: clock.now(), tookMs };
    this.#record({ ...about, session: this.#session, devices: [...devices] });
  }

  #answer(request: Request): void {
    const { post } = this.#options;
    const { id } = request;
    this.#carryOut(request).then(
      (value) => post({ kind: 'done', id, value }),
      (thrown) => post({ kind: 'failed', id, code: codeOf(thrown), message: asError(thrown).message }),
    );
  }

  async #carryOut(request: Request): Promise<DoneValue> {
    switch (request.kind) {
      case 'open':
        await this.#ports.open(request.link, request.options, request.owner);
        return null;
      case 'exchange':
        return this.#exchange(request);
      case 'protect':
        await this.#ports.protect(request.link, request.state);
        return null;
      case 'recent':
        return this.#ports.at(request.link).recent;
      case 'close':
        return this.#close(request.link);
      case 'make-safe':
        return this.act(request.reason, null);
      case 'serve-pages':
        return (await this.#options.servePages?.(request.serve)) ?? null;
      case 'goodbye':
        this.#hostGone = true;
        for (const link of this.#ports.links) await this.#close(link);
        this.#end();
        return null;
    }
  }

  #end(): void {
    this.#looking.timer[Symbol.dispose]();
    const { clock, onEnd } = this.#options;
    const recorded = Promise.race([this.#recording, clock.sleep(RECORD_MS)]);
    void this.#ports
      .closeAll()
      .then(() => recorded)
      .finally(onEnd);
  }
}

function held(): RedsunError {
  return new RedsunError('link/held', 'Nothing gets through to devices while the guardian keeps everything safe');
}

function namesOfFailed(devices: readonly SafetyOutcome[]): ReadonlySet<string> {
  return new Set(devices.filter(({ outcome }) => outcome === 'failed').map(({ device }) => device));
}

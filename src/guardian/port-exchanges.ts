import type { Exchange, ReplyFraming } from 'redsun/sdk/device';
import { type Clock, RedsunError } from 'redsun/sdk/util';
import { bytesToText } from './messages.ts';
import type { BytePort } from './ports/byte-port.ts';
import { RingBuffer } from './ring-buffer.ts';
import { takeReply } from './take-reply.ts';

/** Exchanges that are kept for reports. */
const KEPT_EXCHANGES = 200;
/** After an exchange that was given up, the line must have been quiet for so long before the next question, ms. */
const QUIET_MS = 20;
/** A device that never is quiet is asked all the same, ms. */
const LONGEST_DRAIN_MS = 200;
/** More than this without an end is no answer, bytes. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;

export interface ExchangeRequest {
  readonly bytes: Uint8Array;
  readonly reply: ReplyFraming;
  readonly timeoutMs: number;
  /** Who asks, for the record. */
  readonly by: string;
  /** `safety` goes before everything else and takes the place of what is being waited for. */
  readonly rank: 'normal' | 'safety';
  /** Answers that it does not accept are passed over, as those of an exchange that was cut off. Default: takes any. */
  readonly accepts?: (reply: Uint8Array) => boolean;
}

interface Job extends ExchangeRequest {
  readonly resolve: (reply: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

interface Current {
  readonly job: Job;
  readonly time: number;
  readonly startedMs: number;
  readonly timer: Disposable;
  /** The last answer that was not accepted. */
  passedOver: Uint8Array | null;
}

export interface PortExchangesOptions {
  readonly name: string;
  readonly lineEnd: string;
  readonly clock: Clock;
  /** Bytes that nobody asked for. */
  readonly onUnsolicited: (bytes: Uint8Array) => void;
  /** The port is gone; null: it was closed on purpose. */
  readonly onGone: (reason: Error | null) => void;
}

/** The exchanges of one port: one at a time, each with a deadline, in order, safety first. */
export class PortExchanges {
  readonly #port: BytePort;
  readonly #options: PortExchangesOptions;
  readonly #ring = new RingBuffer<Exchange>(KEPT_EXCHANGES);
  readonly #waiting: Record<ExchangeRequest['rank'], Job[]> = { normal: [], safety: [] };
  #received: Uint8Array = new Uint8Array();
  #current: Current | null = null;
  /** An answer that nobody waits for any more may still come. */
  #isDisturbed = false;
  #draining: { quiet: Disposable; readonly longest: Disposable } | null = null;
  #gone: RedsunError | null = null;

  constructor(port: BytePort, options: PortExchangesOptions) {
    this.#port = port;
    this.#options = options;
    port.onData((bytes) => this.#take(bytes));
    port.onClose((reason) => this.#lose(reason));
  }

  get recent(): readonly Exchange[] {
    return this.#ring.items;
  }

  /** @throws RedsunError `link/timeout`, `link/lost`, `link/closed`; `link/held` when safety took its place */
  exchange(request: ExchangeRequest): { readonly reply: Promise<Uint8Array>; readonly cancel: (why: Error) => void } {
    let cancel: (why: Error) => void = () => {};
    const reply = new Promise<Uint8Array>((resolve, reject) => {
      const job: Job = { ...request, resolve, reject };
      cancel = (why) => this.#giveUp(job, why);
      if (this.#gone) return reject(this.#gone);
      this.#waiting[request.rank].push(job);
      if (request.rank === 'safety' && this.#current?.job.rank === 'normal') {
        const { name } = this.#options;
        this.#giveUp(this.#current.job, new RedsunError('link/held', `${name}: given up, as it is made safe`));
      }
      this.#next();
    });
    return { reply, cancel };
  }

  /** Nothing that waits, or is being waited for, is to get through any more; safety alone is. */
  giveUpAll(why: RedsunError): void {
    const waiting = this.#waiting.normal.splice(0);
    if (this.#current?.job.rank === 'normal') this.#giveUp(this.#current.job, why);
    for (const job of waiting) job.reject(why);
  }

  async close(): Promise<void> {
    this.#fail(new RedsunError('link/closed', `${this.#options.name}: closed`));
    await this.#port.close();
  }

  #next(): void {
    if (this.#current || this.#gone) return;
    const isSafety = this.#waiting.safety.length > 0;
    if (!isSafety && this.#waiting.normal.length === 0) return;
    // What makes safe knows its answer among others, so it need not wait until the line is quiet.
    if (this.#isDisturbed && !isSafety) {
      this.#drain();
      return;
    }
    this.#stopDraining();
    const job = this.#waiting[isSafety ? 'safety' : 'normal'].shift();
    if (job) this.#begin(job);
  }

  #begin(job: Job): void {
    const { clock } = this.#options;
    // What came before the question is no answer to it.
    if (this.#received.length > 0) this.#options.onUnsolicited(this.#received);
    this.#received = new Uint8Array();
    const timer = clock.setTimeout(() => {
      const passedOver = this.#current?.passedOver;
      const what = passedOver ? `${quoted(passedOver)} is no answer` : 'no answer';
      const message = `${this.#options.name}: ${what} to ${quoted(job.bytes)} in ${job.timeoutMs} ms`;
      this.#giveUp(job, new RedsunError('link/timeout', message));
    }, job.timeoutMs);
    this.#current = { job, time: clock.now(), startedMs: clock.monotonicMs(), timer, passedOver: null };
    this.#port.write(job.bytes);
    if (job.reply.kind === 'none') this.#settle(new Uint8Array());
  }

  #take(bytes: Uint8Array): void {
    if (this.#draining) this.#drainAnew();
    const { job } = this.#current ?? {};
    if (!job) {
      if (!this.#isDisturbed) this.#options.onUnsolicited(bytes);
      return;
    }
    this.#received = concatenated(this.#received, bytes);
    for (;;) {
      const taken = takeReply(this.#received, job.reply, this.#options.lineEnd);
      if (!taken) break;
      this.#received = this.#received.slice(taken.end);
      if (!job.accepts || job.accepts(taken.reply)) {
        this.#settle(taken.reply);
        return;
      }
      if (this.#current) this.#current.passedOver = taken.reply;
    }
    if (this.#received.length > MAX_REPLY_BYTES) {
      this.#giveUp(
        job,
        new RedsunError('link/too-long', `${this.#options.name}: ${this.#received.length} bytes without an end`),
      );
    }
  }

  #settle(reply: Uint8Array): void {
    const current = this.#current;
    if (!current) return;
    this.#end(current, reply, null);
    current.job.resolve(reply);
    this.#next();
  }

  /** Whether it waits for its turn or for its answer. */
  #giveUp(job: Job, why: Error): void {
    const queue = this.#waiting[job.rank];
    const place = queue.indexOf(job);
    if (place >= 0) {
      queue.splice(place, 1);
      job.reject(why);
      return;
    }
    if (this.#current?.job !== job) return;
    this.#end(this.#current, null, why.message);
    this.#isDisturbed = true;
    this.#received = new Uint8Array();
    job.reject(why);
    this.#next();
  }

  #end({ job, time, startedMs, timer }: Current, reply: Uint8Array | null, error: string | null): void {
    timer[Symbol.dispose]();
    this.#current = null;
    if (reply !== null && job.rank === 'normal') this.#isDisturbed = false;
    this.#ring.add({
      time,
      by: job.by,
      sent: bytesToText(job.bytes),
      received: reply === null ? null : bytesToText(reply),
      error,
      durationMs: this.#options.clock.monotonicMs() - startedMs,
    });
  }

  #drain(): void {
    if (this.#draining) return;
    const { clock } = this.#options;
    this.#draining = {
      quiet: clock.setTimeout(() => this.#drained(), QUIET_MS),
      longest: clock.setTimeout(() => this.#drained(), LONGEST_DRAIN_MS),
    };
  }

  #drainAnew(): void {
    if (!this.#draining) return;
    this.#draining.quiet[Symbol.dispose]();
    this.#draining.quiet = this.#options.clock.setTimeout(() => this.#drained(), QUIET_MS);
  }

  #drained(): void {
    this.#stopDraining();
    this.#isDisturbed = false;
    this.#received = new Uint8Array();
    this.#next();
  }

  #stopDraining(): void {
    this.#draining?.quiet[Symbol.dispose]();
    this.#draining?.longest[Symbol.dispose]();
    this.#draining = null;
  }

  #lose(reason: Error | null): void {
    const wasOpen = this.#gone === null;
    const why = reason === null ? '' : `: ${reason.message}`;
    this.#fail(new RedsunError('link/lost', `${this.#options.name}: the port is gone${why}`, { cause: reason }));
    if (wasOpen) this.#options.onGone(reason ?? new Error('it was closed from outside'));
    else this.#options.onGone(null);
  }

  #fail(error: RedsunError): void {
    this.#gone ??= error;
    this.#stopDraining();
    const { safety, normal } = this.#waiting;
    const waiting = [...safety.splice(0), ...normal.splice(0)];
    if (this.#current) {
      const { job } = this.#current;
      this.#end(this.#current, null, error.message);
      waiting.unshift(job);
    }
    for (const job of waiting) job.reject(this.#gone);
  }
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** A question as a person would write it. */
function quoted(bytes: Uint8Array): string {
  return JSON.stringify(bytesToText(bytes.subarray(0, 80)).replace(/[\r\n]+$/, ''));
}

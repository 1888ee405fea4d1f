import type { Clock } from '../util/clock.ts';
import { hasCode, RedsunError } from '../util/errors.ts';
import { UNCACHED } from './commands.ts';
import { FailedStatus } from './errors.ts';
import { describeMsg, type Msg } from './msg.ts';
import type { Answer } from './plan-stack.ts';
import type { SuspendRequest } from './suspension.ts';

/** What somebody asks of a plan that runs. */
export type ControlRequest =
  | { readonly kind: 'pause' }
  | { readonly kind: 'abort'; readonly reason: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'halt' };

/** What a resume does not repeat is done to its end before a pause, unless it takes longer than this. */
const UNREPEATABLE_MS = 500;

/** What interrupts a plan: what somebody asks for, what it is to wait for, what has failed beside it. The newest request counts. */
export class Interruption {
  readonly #clock: Clock;
  readonly #onFault: (error: Error) => void;
  #request: ControlRequest | null = null;
  #suspends: SuspendRequest[] = [];
  #failure: Error | null = null;
  #wake: (() => void) | null = null;
  /** Of the message that is being executed, once somebody asked for it. */
  #breakOff: AbortController | null = null;

  /** @param onFault - hears of what goes wrong with a message that was given up. */
  constructor(clock: Clock, onFault: (error: Error) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** What somebody asks for; null: nothing. */
  get request(): ControlRequest | null {
    return this.#request;
  }

  /** Somebody asks for something, or the plan is to wait. */
  get isAsked(): boolean {
    return this.#request !== null || this.#suspends.length > 0;
  }

  /** The plan is to go on later. */
  get isHeld(): boolean {
    return this.#request?.kind === 'pause' || (this.#request === null && this.#suspends.length > 0);
  }

  /** Somebody wants something else, at once. */
  ask(request: ControlRequest): void {
    this.#request = request;
    this.#wake?.();
  }

  /** A pause from within, before the next message; what somebody asked for goes first. */
  pauseNext(): void {
    this.#request ??= { kind: 'pause' };
  }

  /** The plan is to wait until something is over. */
  askToSuspend(request: SuspendRequest): void {
    this.#suspends.push(request);
    this.#wake?.();
  }

  /** What was asked for is being done. */
  done(): void {
    this.#request = null;
  }

  /** What the plan is to wait for next. */
  nextSuspension(): SuspendRequest | undefined {
    return this.#suspends.shift();
  }

  /** Something beside the plan has failed; the first counts. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /** What has failed is of no interest any more. */
  forgive(): void {
    this.#failure = null;
  }

  /** What has failed since it was asked last. */
  takeFailure(): Error | null {
    const failure = this.#failure;
    if (failure !== null) this.#failure = null;
    return failure;
  }

  /** Another message is being executed. */
  begin(): void {
    this.#breakOff = null;
  }

  /** Aborts when the message that is being executed is broken off. */
  breakOffSignal(): AbortSignal {
    this.#breakOff ??= new AbortController();
    return this.#breakOff.signal;
  }

  /**
   * The answer, or null as soon as somebody asks for something else: a device that hangs holds nobody up.
   * @param canReplay - the plan could go on after a pause
   */
  async answerOrNull(answer: Promise<Answer>, message: Msg, canReplay: boolean): Promise<Answer | null> {
    let patience: Disposable | null = null;
    const isRepeatable = !UNCACHED.has(message.command);
    const interrupt = new Promise<null>((resolve) => {
      this.#wake = () => {
        if (!this.isHeld || this.#failure || !canReplay || isRepeatable) resolve(null);
        else patience ??= this.#clock.setTimeout(() => resolve(null), UNREPEATABLE_MS);
      };
    });
    if (this.isAsked || this.#failure) this.#wake?.();
    const first = await Promise.race([answer, interrupt]);
    (patience as Disposable | null)?.[Symbol.dispose]();
    this.#wake = null;
    if (first === null) this.#brokenOff(answer, message);
    return first;
  }

  #brokenOff(answer: Promise<Answer>, message: Msg): void {
    this.#breakOff?.abort(new RedsunError('engine/broken-off', `${describeMsg(message)} was broken off`));
    void answer.then((late) => {
      const isExpected =
        late.kind === 'value' || late.error instanceof FailedStatus || hasCode(late.error, 'engine/broken-off');
      if (!isExpected) this.#onFault(late.error);
    });
  }
}

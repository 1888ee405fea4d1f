import type { Link, SafeState } from 'redsun/sdk/device';
import { type Clock, hasCode, RedsunError } from 'redsun/sdk/util';
import { parseDone, parseMoving, parsePosition, parseStepTimeUs, parseVersion, type Steps } from './protocol.ts';

const ANSWER_MS = 1000;
/** For the stop that the guardian sends: firmware 0.x answers when its piece of a move has ended. */
const SAFE_MS = 400;
/** Boards with an Arduino Nano restart when the port is opened, and are silent for about 2 s. */
const HANDSHAKE_ATTEMPTS = 5;
const POLL_MS = 50;
/** Firmware 0.x hears nothing during a move: it is given moves no longer than this, so that it can be stopped. */
const LONGEST_DEAF_MOVE_MS = 200;
const DEFAULT_STEP_TIME_US = 1000;
const IDLE_POLLS = 3;
/** A move may take this much longer than twice its time: motors start and stop on a ramp. */
const SLACK_MS = 5000;

/** What the handshake found. */
export interface BoardInfo {
  readonly firmware: string;
  readonly board: string;
  /** Whether it answers during a move. Firmware 1.x does, 0.x does not. */
  readonly listensWhileMoving: boolean;
  readonly stepTimeUs: number;
}

/** One Sangaboard: three stepper motors that share one port. Moves of several axes wait for each other. */
export class SangaboardBoard {
  readonly info: BoardInfo;
  readonly #link: Link;
  readonly #clock: Clock;
  #moves: Promise<unknown> = Promise.resolve();

  /** Shakes hands. @throws RedsunError `device/handshake` when something else, or nothing, answers. */
  static async connect(link: Link, clock: Clock): Promise<SangaboardBoard> {
    const firmware = await firstAnswer(link);
    const version = parseVersion(firmware);
    if (version === null) {
      throw new RedsunError('device/handshake', `${link.description}: expected a Sangaboard, got "${firmware}"`);
    }
    const board = await link.query('board', { timeoutMs: ANSWER_MS });
    const listensWhileMoving = version.major >= 1;
    if (listensWhileMoving) parseDone(await link.query('blocking_moves false', { timeoutMs: ANSWER_MS }));
    const stepTimeUs = parseStepTimeUs(await link.query('dt?', { timeoutMs: ANSWER_MS })) ?? DEFAULT_STEP_TIME_US;
    return new SangaboardBoard(link, clock, { firmware, board, listensWhileMoving, stepTimeUs });
  }

  constructor(link: Link, clock: Clock, info: BoardInfo) {
    this.#link = link;
    this.#clock = clock;
    this.info = info;
  }

  /** Position of the three motors, steps. */
  async position(signal?: AbortSignal): Promise<Steps> {
    return parsePosition(await this.#ask('p?', signal));
  }

  /**
   * Moves to `target` (null: that axis stays) and resolves when the motors rest. Reports positions on the way.
   * When `signal` aborts the motors are stopped, and it rejects with the signal's reason once they are.
   */
  async moveTo(
    target: readonly (number | null)[],
    signal: AbortSignal,
    onPosition: (position: Steps) => void,
  ): Promise<void> {
    const turn = this.#moves.then(() => this.#moveNow(target, signal, onPosition));
    this.#moves = turn.catch(() => {});
    return turn;
  }

  /** Halts all three motors. */
  async stop(): Promise<void> {
    await this.#ask('stop');
  }

  /** How long a move of so many steps takes at most, ms. */
  durationMs(steps: number): number {
    return (Math.abs(steps) * this.info.stepTimeUs) / 1000;
  }

  async #moveNow(
    target: readonly (number | null)[],
    signal: AbortSignal,
    onPosition: (position: Steps) => void,
  ): Promise<void> {
    signal.throwIfAborted();
    try {
      if (this.info.listensWhileMoving) await this.#moveWatched(target, signal, onPosition);
      else await this.#moveInPieces(target, signal, onPosition);
    } catch (thrown) {
      // Whatever went wrong, the motors must not run on.
      await this.stop().catch(() => {});
      throw thrown;
    }
  }

  async #moveWatched(
    target: readonly (number | null)[],
    signal: AbortSignal,
    onPosition: (position: Steps) => void,
  ): Promise<void> {
    const way = wayTo(target, await this.position(signal));
    const longestMs = 2 * this.durationMs(Math.max(...way.map(Math.abs))) + SLACK_MS;
    const startedMs = this.#clock.monotonicMs();
    parseDone(await this.#ask(`mr ${way.join(' ')}`, signal));
    for (let idlePolls = 0; ; ) {
      const moving = parseMoving(await this.#ask('moving?', signal));
      const at = await this.position(signal);
      onPosition(at);
      // At rest short of the target it may not have started yet; after some looks it will not.
      if (!moving && (wayTo(target, at).every((steps) => steps === 0) || ++idlePolls === IDLE_POLLS)) return;
      if (this.#clock.monotonicMs() - startedMs > longestMs) {
        throw new RedsunError(
          'device/timeout',
          `${this.#link.description}: still moving after ${longestMs} ms, at ${at}`,
        );
      }
      await this.#clock.sleep(POLL_MS, signal);
    }
  }

  async #moveInPieces(
    target: readonly (number | null)[],
    signal: AbortSignal,
    onPosition: (position: Steps) => void,
  ): Promise<void> {
    const longest = Math.max(1, Math.floor((LONGEST_DEAF_MOVE_MS * 1000) / this.info.stepTimeUs));
    for (let before: Steps | null = null; ; ) {
      const at = await this.position(signal);
      onPosition(at);
      const way = wayTo(target, at);
      const farthest = Math.max(...way.map(Math.abs));
      if (farthest === 0) return;
      if (before?.every((steps, axis) => steps === at[axis])) {
        throw new RedsunError('device/stalled', `${this.#link.description}: does not move from ${at}`);
      }
      before = at;
      const part = Math.min(1, longest / farthest);
      const piece = way.map((steps) => Math.round(steps * part));
      const timeoutMs = ANSWER_MS + 5 * LONGEST_DEAF_MOVE_MS;
      // Not given up in the middle: its answer would be taken for that of the next question.
      parseDone(await this.#link.query(`mr ${piece.join(' ')}`, { timeoutMs }));
      signal.throwIfAborted();
    }
  }

  #ask(line: string, signal?: AbortSignal): Promise<string> {
    // An exchange is short and runs to its end even when the move is given up; see above.
    signal?.throwIfAborted();
    return this.#link.query(line, { timeoutMs: ANSWER_MS });
  }
}

function wayTo(target: readonly (number | null)[], from: Steps): readonly number[] {
  return from.map((at, axis) => {
    const wanted = target[axis];
    return wanted === null || wanted === undefined ? 0 : wanted - at;
  });
}

async function firstAnswer(link: Link): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await link.query('version', { timeoutMs: ANSWER_MS });
    } catch (thrown) {
      if (!hasCode(thrown, 'link/timeout') || attempt === HANDSHAKE_ATTEMPTS) {
        throw new RedsunError('device/handshake', `${link.description}: no Sangaboard answers`, { cause: thrown });
      }
    }
  }
}

/** Halts all three motors, and where the firmware can tell, hears that they rest. @param device - name of the axis. */
export function safeStateOf(device: string, { listensWhileMoving }: BoardInfo): SafeState {
  const stop = { send: 'stop', expect: { kind: 'line-like', pattern: 'done.*' }, timeoutMs: SAFE_MS } as const;
  const rests = { send: 'moving?', expect: { kind: 'line-like', pattern: '[Ff]alse' }, timeoutMs: SAFE_MS } as const;
  return { device, order: 'motion', steps: listensWhileMoving ? [stop, rests] : [stop] };
}

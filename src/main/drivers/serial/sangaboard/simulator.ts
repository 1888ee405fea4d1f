import type { Clock } from 'redsun/sdk/util';

/** Where the simulator's bytes go to and come from: a pseudo-terminal, a socket, a test. */
export interface ByteChannel {
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Uint8Array) => void): unknown;
}

export interface SangaboardSimulatorOptions {
  /** Default 1.0.1. Firmware 0.x always blocks during moves. */
  readonly firmwareVersion?: string;
  readonly clock: Clock;
}

interface Motion {
  readonly from: readonly number[];
  readonly by: readonly number[];
  readonly startMs: number;
  readonly durationMs: number;
}

const MOTOR_NAMES = ['x', 'y', 'z'];

/**
 * A Sangaboard in software, for trials without hardware. It moves all motors at one step per step time, as the board does,
 * without its ramp. While it blocks, commands wait until the move is over.
 */
export class SangaboardSimulator {
  readonly #channel: ByteChannel;
  readonly #clock: Clock;
  readonly #version: string;
  readonly #text = new TextDecoder();
  readonly #commands: string[] = [];
  #line = '';
  #rest = [0, 0, 0];
  #motion: Motion | null = null;
  #wakeUp: Disposable | null = null;
  #blocking = true;
  #released = false;
  #stepDelayUs = 1000;
  #rampUs = 0;

  constructor(channel: ByteChannel, options: SangaboardSimulatorOptions) {
    this.#channel = channel;
    this.#clock = options.clock;
    this.#version = options.firmwareVersion ?? '1.0.1';
    channel.onData((bytes) => this.#hear(bytes));
  }

  /** Where the motors are now, steps. */
  get position(): readonly number[] {
    const motion = this.#motion;
    if (!motion) return this.#rest;
    const elapsed = this.#clock.monotonicMs() - motion.startMs;
    const part = motion.durationMs === 0 ? 1 : Math.min(1, elapsed / motion.durationMs);
    return motion.from.map((start, motor) => start + Math.trunc(motion.by[motor]! * part));
  }

  get released(): boolean {
    return this.#released;
  }

  /** Stops its timers. */
  close(): void {
    this.#wakeUp?.[Symbol.dispose]();
    this.#commands.length = 0;
  }

  #hear(bytes: Uint8Array): void {
    for (const character of this.#text.decode(bytes, { stream: true })) {
      if (character === '\n') {
        const command = this.#line.trim();
        this.#line = '';
        if (command !== '') this.#commands.push(command);
      } else this.#line += character;
    }
    this.#work();
  }

  #work(): void {
    this.#settle();
    while (this.#commands.length > 0 && !(this.#motion && this.#blocking)) {
      const [verb = '', ...words] = this.#commands.shift()!.split(/\s+/);
      const reply = this.#obey(verb, words);
      if (reply !== null) this.#say(reply);
    }
  }

  /** @returns the reply; null when it follows later. */
  #obey(verb: string, words: readonly string[]): string | null {
    const known = verb.startsWith('mr') ? this.#move(verb.slice(2), words) : this.#obeyAny(verb, words);
    if (known !== undefined) return known;
    const since1 = this.#version.startsWith('0.') ? undefined : this.#obeySince1(verb, words);
    return since1 ?? 'error: command not understood';
  }

  /** What all firmware knows; undefined: nothing of that. */
  #obeyAny(verb: string, words: readonly string[]): string | undefined {
    const number = Number.parseInt(words[0] ?? '', 10);
    switch (verb) {
      case 'version':
        return `Sangaboard Firmware v${this.#version}`;
      case 'board':
        return 'Sangaboard v0.5 (simulated)';
      case 'list_modules':
        return '--END--';
      case 'p?':
        return this.position.join(' ');
      case 'dt':
        if (number > 0) this.#stepDelayUs = number;
        return `minimum step delay ${this.#stepDelayUs}`;
      case 'dt?':
        return `minimum step delay ${this.#stepDelayUs}`;
      case 'ramp_time':
        if (number >= 0) this.#rampUs = number;
        return `ramp time ${this.#rampUs}`;
      case 'ramp_time?':
        return `ramp time ${this.#rampUs}`;
      case 'zero':
        this.#halt();
        this.#rest = [0, 0, 0];
        return 'position reset to 0 0 0';
      case 'release':
        this.#halt();
        this.#released = true;
        return 'motors released';
    }
  }

  /** What came with firmware 1. */
  #obeySince1(verb: string, words: readonly string[]): string | undefined {
    switch (verb) {
      case 'moving?':
        return this.#motion ? 'true' : 'false';
      case 'blocking_moves':
        this.#blocking = words[0] === 'true';
        return 'done';
      case 'stop':
        this.#halt();
        return 'done';
    }
  }

  #move(motorName: string, words: readonly string[]): string | null | undefined {
    const steps = words.map((word) => Number.parseInt(word, 10));
    const motor = MOTOR_NAMES.indexOf(motorName);
    const by = motorName === '' ? steps : MOTOR_NAMES.map((_, index) => (index === motor ? (steps[0] ?? 0) : 0));
    const named = motorName === '' || motor >= 0;
    if (!named || by.length !== 3 || steps.length === 0 || by.some(Number.isNaN)) return undefined;
    this.#halt();
    this.#released = false;
    const durationMs = (Math.max(...by.map(Math.abs)) * this.#stepDelayUs) / 1000;
    this.#motion = { from: this.#rest, by, startMs: this.#clock.monotonicMs(), durationMs };
    const blocks = this.#blocking;
    this.#wakeUp = this.#clock.setTimeout(() => {
      // All steps are made, even where the timer is early by a hair.
      const end = this.#rest.map((start, index) => start + by[index]!);
      this.#halt();
      this.#rest = end;
      if (blocks) this.#say('done.');
      this.#work();
    }, durationMs);
    return blocks ? null : 'done.';
  }

  /** A motion whose time is over has ended, even if its timer has not fired yet. */
  #settle(): void {
    const motion = this.#motion;
    if (!motion || this.#blocking) return;
    if (this.#clock.monotonicMs() - motion.startMs >= motion.durationMs) this.#halt();
  }

  #halt(): void {
    this.#wakeUp?.[Symbol.dispose]();
    this.#wakeUp = null;
    this.#rest = [...this.position];
    this.#motion = null;
  }

  #say(line: string): void {
    this.#channel.write(new TextEncoder().encode(`${line}\r\n`));
  }
}

import type { Clock } from '../../../../sdk/util/index.ts';

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
      this.#obey(verb, words);
    }
  }

  #obey(verb: string, words: readonly string[]): void {
    const number = Number.parseInt(words[0] ?? '', 10);
    if (verb.startsWith('mr')) return this.#move(verb.slice(2), words);
    if (verb === 'version') return this.#say(`Sangaboard Firmware v${this.#version}`);
    if (verb === 'board') return this.#say('Sangaboard v0.5 (simulated)');
    if (verb === 'list_modules') return this.#say('--END--');
    if (verb === 'p?') return this.#say(this.position.join(' '));
    if (verb === 'dt?') return this.#say(`minimum step delay ${this.#stepDelayUs}`);
    if (verb === 'ramp_time?') return this.#say(`ramp time ${this.#rampUs}`);
    if (verb === 'dt' && number > 0) {
      this.#stepDelayUs = number;
      return this.#say(`minimum step delay ${number}`);
    }
    if (verb === 'ramp_time' && number >= 0) {
      this.#rampUs = number;
      return this.#say(`ramp time ${number}`);
    }
    if (verb === 'zero') {
      this.#halt();
      this.#rest = [0, 0, 0];
      return this.#say('position reset to 0 0 0');
    }
    if (verb === 'release') {
      this.#halt();
      this.#released = true;
      return this.#say('motors released');
    }
    if (this.#version.startsWith('0.')) return this.#complain();
    if (verb === 'moving?') return this.#say(this.#motion ? 'true' : 'false');
    if (verb === 'blocking_moves') {
      this.#blocking = words[0] === 'true';
      return this.#say('done');
    }
    if (verb === 'stop') {
      this.#halt();
      return this.#say('done');
    }
    return this.#complain();
  }

  #move(motorName: string, words: readonly string[]): void {
    const steps = words.map((word) => Number.parseInt(word, 10));
    const motor = MOTOR_NAMES.indexOf(motorName);
    const by = motorName === '' ? steps : MOTOR_NAMES.map((_, index) => (index === motor ? (steps[0] ?? 0) : 0));
    if (by.length !== 3 || steps.length === 0 || by.some(Number.isNaN) || (motorName !== '' && motor < 0)) {
      return this.#complain();
    }
    this.#halt();
    this.#released = false;
    const durationMs = (Math.max(...by.map(Math.abs)) * this.#stepDelayUs) / 1000;
    this.#motion = { from: this.#rest, by, startMs: this.#clock.monotonicMs(), durationMs };
    if (!this.#blocking) this.#say('done.');
    this.#wakeUp = this.#clock.setTimeout(() => {
      const blocked = this.#blocking;
      this.#halt();
      if (blocked) this.#say('done.');
      this.#work();
    }, durationMs);
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

  #complain(): void {
    this.#say('error: command not understood');
  }

  #say(line: string): void {
    this.#channel.write(new TextEncoder().encode(`${line}\r\n`));
  }
}

import { ValueError } from '../util/errors.ts';
import { type NewUid, randomUid } from '../util/uid.ts';

/** Names files of an acquisition. */
export interface FilenameProvider {
  /** A file name without extension. @param deviceName - whose file it is; absent or null: everybody's. */
  filename(deviceName?: string | null): string;
}

/** True when `value` can name files: it has a method `filename`. */
export function isFilenameProvider(value: unknown): value is FilenameProvider {
  return typeof value === 'object' && value !== null && 'filename' in value && typeof value.filename === 'function';
}

/** Always the same name. A second acquisition meets the store of the first. */
export class StaticFilenameProvider implements FilenameProvider {
  readonly #filename: string;

  /** @param filename - without extension. */
  constructor(filename: string) {
    this.#filename = filename;
  }

  /** The name, whoever asks. */
  filename(_deviceName?: string | null): string {
    return this.#filename;
  }
}

/** A new UUID (version 4, lower case, 36 characters) each time: names never meet. */
export class UUIDFilenameProvider implements FilenameProvider {
  readonly #newUid: NewUid;

  /** @param newUid - where the names come from; given by tests. */
  constructor(newUid: NewUid = randomUid) {
    this.#newUid = newUid;
  }

  /** The next name, whoever asks. */
  filename(_deviceName?: string | null): string {
    return this.#newUid();
  }
}

/** How `AutoIncrementFilenameProvider` counts. */
export interface AutoIncrementOptions {
  /** Before the number, with the delimiter between; none when empty. Default empty. */
  readonly base?: string;
  /** Width that numbers are filled up to with zeros, a sign included. Default 5. */
  readonly maxDigits?: number;
  /** First number. Default 0. */
  readonly start?: number;
  /** Added for each name; may be 0 or negative. Default 1. */
  readonly step?: number;
  /** Between base and number. Default `_`. */
  readonly delimiter?: string;
}

/** Numbers that go up: `scan_00000`, `scan_00001`. One count for all devices. */
export class AutoIncrementFilenameProvider implements FilenameProvider {
  readonly #options: Required<AutoIncrementOptions>;
  #next: number;

  /** @param options - how it counts. */
  constructor(options: AutoIncrementOptions = {}) {
    this.#options = { base: '', maxDigits: 5, start: 0, step: 1, delimiter: '_', ...options };
    this.#next = this.#options.start;
  }

  /**
   * The next name, whoever asks.
   * @throws ValueError `Counter exceeded maximum of 5 digits` when the number is wider than `maxDigits`, and from then on.
   */
  filename(_deviceName?: string | null): string {
    const { base, maxDigits, step, delimiter } = this.#options;
    const digits = String(this.#next);
    if (digits.length > maxDigits) throw new ValueError(`Counter exceeded maximum of ${maxDigits} digits`);
    this.#next += step;
    const sign = digits.startsWith('-') ? '-' : '';
    const number = sign + digits.slice(sign.length).padStart(maxDigits - sign.length, '0');
    return base === '' ? number : `${base}${delimiter}${number}`;
  }
}

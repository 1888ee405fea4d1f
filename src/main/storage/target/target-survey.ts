import { asError, type Clock } from '../../../sdk/util/index.ts';
import { freeBytes, nearestFolder } from './preflight.ts';
import { nodeFiles, type ProbeFiles, probeTarget, type TargetLimit } from './target-probe.ts';
import { measureWriteSpeed } from './write-speed.ts';

/** What a folder can do, as it was found out once. */
export interface Survey {
  readonly limits: readonly TargetLimit[];
  /** null: could not be measured. */
  readonly writeBytesPerS: number | null;
}

export interface TargetSurveyOptions {
  /** Need not exist yet. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly files?: ProbeFiles;
  /** Hears what the folder cannot do, when that was found out, and why it could not be looked at. */
  readonly onNotice: (message: string) => void;
}

/** Finds out what the folder of runs cannot do and how fast it is, once, the first time that somebody asks. */
export class TargetSurvey {
  readonly #options: TargetSurveyOptions;
  #asked: Promise<Survey | null> | null = null;
  #known: Survey | null = null;

  constructor(options: TargetSurveyOptions) {
    this.#options = options;
  }

  /** What is known without trying: null before anybody asked. For while a run writes: a probe would be in its way. */
  get known(): Survey | null {
    return this.#known;
  }

  /** Null when the folder could not be looked at; the next one who asks tries again. */
  take(): Promise<Survey | null> {
    this.#asked ??= this.#look().catch((thrown: unknown) => {
      this.#asked = null;
      this.#options.onNotice(`${this.#options.folder} could not be tried out: ${asError(thrown).message}`);
      return null;
    });
    return this.#asked;
  }

  async #look(): Promise<Survey | null> {
    const { folder, clock, files = nodeFiles } = this.#options;
    const nearest = await nearestFolder(folder);
    // What is wrong with such a folder is said where runs are refused for it.
    if (typeof nearest !== 'string') return null;
    const limits = await probeTarget(nearest, files);
    const free = await freeBytes(nearest).catch(() => null);
    const writeBytesPerS = await measureWriteSpeed(nearest, { clock, freeBytes: free, files });
    this.#known = { limits, writeBytesPerS };
    for (const { weight, message } of limits) if (weight === 'advice') this.#options.onNotice(message);
    return this.#known;
  }
}

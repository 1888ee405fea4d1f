/** How far a recovery is, in frames of the journal. `frames`: they are compared with their checksums. `levels`: coarser levels follow them. */
export interface RecoveryProgress {
  readonly step: 'frames' | 'levels';
  readonly done: number;
  readonly total: number;
}

/** Adds up what is done of each step, image by image. */
export class ProgressCount {
  readonly #total: number;
  readonly #tell: (progress: RecoveryProgress) => void;
  readonly #done = { frames: 0, levels: 0 };

  /** @param total - frames of the journal; 0: it tells of none, and so nothing is told. */
  constructor(total: number, tell: (progress: RecoveryProgress) => void = () => {}) {
    this.#total = total;
    this.#tell = tell;
  }

  /** @param frames - a plane is a part of one. */
  add(step: RecoveryProgress['step'], frames: number): void {
    if (this.#total === 0) return;
    this.#done[step] += frames;
    this.#tell({ step, done: Math.min(this.#total, Math.round(this.#done[step])), total: this.#total });
  }
}

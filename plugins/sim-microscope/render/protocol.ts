/** What the specimen is made of; each is shown by other light. Densities are about 1 where there is much of it. */
export const STRUCTURES = ['nuclei', 'fibres', 'puncta', 'transmission'] as const;
export type Structure = (typeof STRUCTURES)[number];

export interface RectangleUm {
  readonly xUm: number;
  readonly yUm: number;
  readonly widthUm: number;
  readonly heightUm: number;
}

/** Light that fell on a rectangle of the specimen. */
export interface Dose {
  readonly structure: Structure;
  /** Power times time, mW s. */
  readonly doseMwS: number;
}

/** Sent once, first. */
export interface SetupMessage {
  readonly kind: 'setup';
  readonly seed: number;
  /** Edge of the square that is grown with cells, centred on the origin. */
  readonly specimenSizeUm: number;
  /** Light that leaves 1/e of a dye, mW s; 0: dyes do not bleach. */
  readonly bleachDoseMwS: number;
}

/** Light fell on the specimen, whether or not a picture was taken. */
export interface IlluminateMessage {
  readonly kind: 'illuminate';
  readonly area: RectangleUm;
  readonly doses: readonly Dose[];
}

interface FrameRequest {
  readonly id: number;
  /** Takes the pixels; shared, as to hand so much memory to and fro is work for the garbage collector. */
  readonly buffer: SharedArrayBuffer;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bitDepth: number;
}

export interface PictureRequest extends FrameRequest {
  readonly kind: 'picture';
  /** Different for each picture: the noise follows from it. */
  readonly noiseSeed: number;
  /** Edge of a pixel at the specimen. */
  readonly pitchUm: number;
  /** Upper left corner of the picture at the specimen. */
  readonly originUm: readonly [xUm: number, yUm: number];
  /** Standard deviation of the blur, px. */
  readonly blurPx: number;
  /** Electrons per pixel where the density of the structure is 1. */
  readonly signals: readonly { readonly structure: Structure; readonly electrons: number }[];
  readonly backgroundElectrons: number;
  readonly readNoiseElectrons: number;
  readonly fullWellElectrons: number;
  readonly countsPerElectron: number;
  readonly offsetCounts: number;
}

/** Known pixels instead of a picture: (31 frame + 7 y + 3 x) mod 65521, its low `bitDepth` bits. */
export interface RampRequest extends FrameRequest {
  readonly kind: 'ramp';
  readonly frame: number;
}

export type WorkerMessage = SetupMessage | IlluminateMessage | PictureRequest | RampRequest;

export type WorkerReply =
  | {
      readonly kind: 'rendered';
      readonly id: number;
      readonly buffer: SharedArrayBuffer;
      readonly meanCounts: number;
      readonly renderMs: number;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly buffer: SharedArrayBuffer; readonly message: string };

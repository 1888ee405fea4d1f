import type { ErrorCode } from 'redsun/sdk/util';
import type { StoreDtype } from './pixel-types.ts';

/** What is wrong with a store, and where. */
export interface StoreProblem {
  /** In the store; empty for its root. */
  readonly path: string;
  /** `store/what`, as errors have it. */
  readonly code: ErrorCode;
  readonly message: string;
}

export interface ImageAxis {
  readonly name: string;
  /** `time`, `channel`, `space`, or null where the store does not say. */
  readonly type: string | null;
  readonly unit: string | null;
  readonly size: number;
  /** Distance between neighbours of the finest level, in `unit`. */
  readonly scale: number;
}

/** One resolution of an image, the finest first. */
export interface ImageLevel {
  /** Of the array. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly shards: readonly number[] | null;
  readonly codecs: readonly string[];
  /** In the units of the axes. */
  readonly scale: readonly number[];
}

export interface ImageChannel {
  readonly label: string;
  /** `#rrggbb` */
  readonly colour: string;
  /** Contrast limits that the writer proposes. */
  readonly window: { readonly start: number; readonly end: number } | null;
  /** Wavelength that was detected, nm; null: the store does not say. */
  readonly emissionNm: number | null;
}

/** What an image's own metadata say of how it was taken, as papers are asked for it, in words and in order; and what nobody knew. */
export interface AcquisitionRecord {
  readonly facts: readonly { readonly name: string; readonly words: string }[];
  /** Names as in the metadata: `objective.numerical_aperture`. */
  readonly missing: readonly string[];
}

export interface ImageDescription {
  /** Of the image's group; empty for the root. */
  readonly path: string;
  readonly name: string;
  readonly axes: readonly ImageAxis[];
  readonly dtype: StoreDtype;
  readonly levels: readonly ImageLevel[];
  readonly channels: readonly ImageChannel[] | null;
  /**
   * Planes of one frame, in stores whose writer leaves no chunk of a frame out, Redsun's own: a plane without chunks was never acquired
   * there. Absent: a missing chunk says nothing, as other writers leave out what is black.
   */
  readonly planesPerFrame?: number;
  /** How it was taken; absent: its writer keeps no record of it. */
  readonly acquisition?: AcquisitionRecord;
  /** Paths of label images that belong to it. */
  readonly labels: readonly string[];
  readonly problems: readonly StoreProblem[];
}

/** A picture of labels: each pixel is the number of the object that it belongs to, 0 of none. */
export interface LabelDescription {
  /** Of its group in the store, as images name it in `labels`. */
  readonly path: string;
  readonly name: string;
  readonly image: ImageDescription;
  /** `#rrggbbaa` by label, as far as the store says. */
  readonly colours: Readonly<Record<number, string>>;
  /** What the store says of a label, in words, such as `class: nucleus`. */
  readonly properties: Readonly<Record<number, string>>;
}

export interface PlateDescription {
  readonly name: string | null;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly wells: readonly { readonly path: string; readonly fields: readonly string[] }[];
}

export type StoreLayout = 'array' | 'image' | 'collection' | 'plate' | 'group';

export interface StoreDescription {
  readonly zarrFormat: 2 | 3;
  /** Of OME-NGFF; null for plain arrays. */
  readonly omeVersion: string | null;
  readonly layout: StoreLayout;
  readonly images: readonly ImageDescription[];
  readonly plate: PlateDescription | null;
  /** Paths of all label images. */
  readonly labels: readonly string[];
  /** Those of them that can be drawn. */
  readonly labelImages: readonly LabelDescription[];
  /** Of the whole store, those of the images included. */
  readonly problems: readonly StoreProblem[];
}

/** Says that a store, and not the program, is at fault. */
export function isStoreCode(code: string): code is ErrorCode {
  return code.startsWith('store/');
}

import { type NewUid, randomUid } from '../util/uid.ts';

/** Type of one pixel, little endian on the disk. */
export type PixelType = 'uint8' | 'uint16' | 'int16' | 'float32';
/** Pixels of a frame in memory, C order. */
export type PixelArray = Uint8Array | Uint16Array | Int16Array | Float32Array;

/** An array that a device writes frames to, and how far it has come. */
export interface SourceInfo {
  /** Of the device. */
  readonly name: string;
  /** Of each pixel. */
  readonly dtype: PixelType;
  /** Of one frame, C order: `[height, width]`, px. */
  readonly shape: readonly number[];
  /** Key in the documents: `<name>:buffer:stream`. */
  readonly dataKey: string;
  /** What the store is, as a MIME type. */
  readonly mimetype: string;
  /** For the backend, as the device gave it. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Frames taken over since `prepare`. */
  framesWritten: number;
  /** Frames already announced by stream documents. */
  collectionCounter: number;
  /** Uid of the stream_resource document of this acquisition. */
  streamResourceUid: string;
}

/** What of a source has no default. */
export type SourceInfoFields = Pick<SourceInfo, 'name' | 'dtype' | 'shape' | 'dataKey'> &
  Partial<Pick<SourceInfo, 'mimetype' | 'extra'>>;

/** A source that nothing was written to. Defaults: mimetype `application/octet-stream`, no extra. */
export function newSourceInfo(fields: SourceInfoFields, newUid: NewUid = randomUid): SourceInfo {
  return {
    mimetype: 'application/octet-stream',
    extra: {},
    framesWritten: 0,
    collectionCounter: 0,
    streamResourceUid: newUid(),
    ...fields,
  };
}

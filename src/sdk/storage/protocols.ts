import type { Writer } from './writer.ts';

/** Where an acquisition goes. */
export interface PathInfo {
  /** `file://` URI of the store. */
  readonly storeUri: string;
  readonly arrayKey: string;
  readonly capacity: number;
  readonly mimetypeHint: string;
  readonly extra: Readonly<Record<string, unknown>>;
}

export type PathProvider = (deviceName?: string | null) => PathInfo;
/** A file name without extension. */
export type FilenameProvider = (deviceName?: string | null) => string;

/** A device that writes frames: the session gives it a writer before it is used. */
export interface HasStorage {
  storage: Writer | null;
}

export function hasStorage(value: unknown): value is HasStorage {
  return typeof value === 'object' && value !== null && 'storage' in value;
}

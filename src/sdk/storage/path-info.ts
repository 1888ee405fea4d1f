/** What of a `PathInfo` may be left out. */
export interface PathInfoOptions {
  /** Frames to come; 0: nobody knows. Default 0. */
  readonly capacity?: number;
  /** What the store is. Default `application/x-zarr`. */
  readonly mimetypeHint?: string;
  /** For the backend, as it is. Default empty. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Where a device's frames go. A value: two with the same fields are the same. */
export class PathInfo {
  /** URI of the store, `file:///data/scan_00001`. A backend that needs a path of the file system converts it itself. */
  readonly storeUri: string;
  /** The device's array in the store. */
  readonly arrayKey: string;
  /** Frames to come; 0: nobody knows. */
  readonly capacity: number;
  /** What the store is, as a MIME type. */
  readonly mimetypeHint: string;
  /** For the backend, as it is. */
  readonly extra: Readonly<Record<string, unknown>>;

  /** @param storeUri - URI of the store. @param arrayKey - the device's array in it. */
  constructor(storeUri: string, arrayKey: string, options: PathInfoOptions = {}) {
    this.storeUri = storeUri;
    this.arrayKey = arrayKey;
    this.capacity = options.capacity ?? 0;
    this.mimetypeHint = options.mimetypeHint ?? 'application/x-zarr';
    this.extra = options.extra ?? {};
  }
}

/** How chunks are compressed: as the session file has it under `storage.compression`. */
export const COMPRESSIONS = ['none', 'blosc-zstd', 'blosc-lz4', 'gzip'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

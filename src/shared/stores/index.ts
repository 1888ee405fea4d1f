export { type ArrayInfo, codecNames, isObject } from './array-metadata.ts';
export { type ByteRange, type ByteSource, joinKey, memorySource } from './byte-source.ts';
export { checkChunks } from './check-chunks.ts';
export { ChunkReader } from './chunk-reader.ts';
export { decodeChunk, mostEncodedBytes } from './decode-chunk.ts';
export { DecodedChunks } from './decoded-chunks.ts';
export { describeImages } from './describe-image.ts';
export { type StoredFrame, type ZarrFramesOptions, zarrFrames } from './frame-reader.ts';
export { isNestedTooDeep } from './json-depth.ts';
export { openStore } from './open-store.ts';
export { asNumbers, type Pixels, type RawPixels, rangeOf, STORE_DTYPES, type StoreDtype } from './pixel-types.ts';
export {
  countWrittenPlanes,
  type Plane,
  type PlaneIndex,
  readPlane,
  readRawPlane,
  readRawRows,
  unravel,
} from './read-plane.ts';
export { type IndexRange, type Region, type RegionAsked, readRegion } from './read-region.ts';
export type {
  AcquisitionRecord,
  ImageAxis,
  ImageChannel,
  ImageDescription,
  ImageLevel,
  LabelDescription,
  PlateDescription,
  StoreDescription,
  StoreLayout,
  StoreProblem,
} from './store-description.ts';
export { isStoreCode } from './store-description.ts';
export { readArray, readNode, type StoreNode } from './store-node.ts';

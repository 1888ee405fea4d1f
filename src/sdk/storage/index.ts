export {
  AutoIncrementFilenameProvider,
  type AutoIncrementOptions,
  type FilenameProvider,
  isFilenameProvider,
  StaticFilenameProvider,
  UUIDFilenameProvider,
} from './filename-providers.ts';
export { type FrameMeta, FrameSink, type FrameTaker } from './frame-sink.ts';
export {
  FRAME_AXES,
  type FrameAxis,
  type FrameIndex,
  type FrameLayout,
  frameIndexOf,
  type LayoutChannel,
  type LayoutPosition,
  type LayoutWell,
} from './layout.ts';
export { PathInfo, type PathInfoOptions } from './path-info.ts';
export {
  isPathProvider,
  type PathProvider,
  type SessionPathOptions,
  SessionPathProvider,
  type StaticPathOptions,
  StaticPathProvider,
} from './path-providers.ts';
export { formatRunName, highestCounter, localDate, parseRunName, type RunName } from './run-name.ts';
export {
  newSourceInfo,
  type PixelArray,
  type PixelType,
  type SourceInfo,
  type SourceInfoFields,
} from './source-info.ts';
export { type HasStorage, hasStorage, StorageDescriptor, type WithStorage, withStorage } from './storage-descriptor.ts';
export { isStorageProxy, type StorageProxy } from './storage-proxy.ts';
export { Writer, type WriterOptions } from './writer.ts';
export type { WriterClass, WriterContext } from './writer-context.ts';

export {
  FRAME_AXES,
  type FrameAxis,
  type FrameIndex,
  type FrameLayout,
  type LayoutChannel,
  type LayoutPosition,
} from './layout.ts';
export { type FilenameProvider, type HasStorage, hasStorage, type PathInfo, type PathProvider } from './protocols.ts';
export { type FrameMeta, FrameSink, type PixelArray, type PixelType, type SourceInfo, Writer } from './writer.ts';

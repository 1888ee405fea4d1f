import { type FrameSink, type PixelType, Writer } from '../../../sdk/storage/index.ts';
import { RuntimeError } from '../../../sdk/util/index.ts';
import { frameAxesOf, frameGeometry } from '../layout/frame-geometry.ts';

/** What every writer of images refuses, so that a dry run fails where the run itself would. */
export abstract class ImageWriter extends Writer {
  /**
   * Frames are `[height, width]`; `[height, width, 3 or 4]` in colour, stored as channels; `[planes, height, width]`; or what
   * `extra.axes` says, such as `['c', 'y', 'x']`.
   * @throws RedsunError `store/shape` for anything else.
   */
  override updateSource(
    name: string,
    dtype: PixelType,
    shape: readonly number[],
    extra: Readonly<Record<string, unknown>> = {},
  ): void {
    frameGeometry(dtype, shape, frameAxesOf(name, extra));
    super.updateSource(name, dtype, shape, extra);
  }

  /** @throws RuntimeError while the writer is open: what is in the store is settled then. */
  override prepare(name: string, capacity = 0): FrameSink {
    if (this.isOpen) throw new RuntimeError('Cannot prepare sources while writer is open.');
    return super.prepare(name, capacity);
  }
}

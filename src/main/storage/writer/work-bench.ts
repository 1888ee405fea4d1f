import type { Compression } from '../../../shared/config/compression.ts';
import { type PixelKernels, pixelKernels } from '../kernels/pixel-kernels.ts';
import type { FrameGeometry } from '../layout/frame-geometry.ts';
import { pageAfter, WASM_PAGE_BYTES, WorkArea } from '../layout/work-area.ts';
import { FrameLevels, workAreaBytes } from './frame-levels.ts';

/** What planes are halved and cut with outside of the writer's threads: with a memory of its own. */
export interface WorkBench {
  readonly kernels: PixelKernels;
  readonly area: WorkArea;
  readonly levels: FrameLevels;
}

/** For one frame at a time, which is copied in. @param levels - of one image, the finest first. */
export function workBench(levels: readonly FrameGeometry[], compression: Compression): WorkBench {
  const [finest] = levels;
  const bytes = pageAfter(finest?.frameBytes ?? 0) + workAreaBytes(levels, compression);
  const pages = Math.max(1, Math.ceil(bytes / WASM_PAGE_BYTES));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const kernels = pixelKernels(memory);
  const area = new WorkArea(memory.buffer, 0, memory.buffer.byteLength);
  return { kernels, area, levels: new FrameLevels(kernels, area) };
}

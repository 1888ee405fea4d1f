import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PixelType } from '../../../sdk/storage/index.ts';
import { frameGeometry, halvedGeometry } from '../layout/frame-geometry.ts';
import { WorkArea } from '../layout/work-area.ts';
import { halvePlanes } from '../writer/halve-planes.ts';
import { pixelView } from '../writer/pixel-view.ts';
import { tileChunk } from '../writer/tile-frame.ts';
import { pixelKernels } from './pixel-kernels.ts';

// Beside loops that do one pixel after the other.

const PIXEL_TYPES = ['uint8', 'uint16', 'int16', 'float32'] as const;
const MEMORY_PAGES = 64;

function bench() {
  const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES, shared: true });
  const area = new WorkArea(memory.buffer, 0, memory.buffer.byteLength);
  return { kernels: pixelKernels(memory), area };
}

/** Floats, too: any bytes would be NaN now and then. */
function fill(bytes: Uint8Array, dtype: PixelType, seed: number): void {
  const pixels = pixelView(dtype, bytes);
  let state = seed >>> 0;
  for (let at = 0; at < pixels.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[at] = dtype === 'float32' ? state / 7 - 3e8 : state >>> 8;
  }
}

test.each([2, 4])('bytes of %i-byte pixels in rows are sorted by their weight', (bytesPerPixel) => {
  const { kernels, area } = bench();
  const few = fc.integer({ min: 0, max: 9 });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 70 }),
      fc.integer({ min: 1, max: 4 }),
      few,
      fc.integer(),
      (columns, rows, gap, seed) => {
        area.clear();
        const pitch = columns * bytesPerPixel + gap;
        const pixels = area.take(rows * pitch);
        const count = rows * columns;
        // One more on each side, to see that nothing else is written.
        const around = area.take(count * bytesPerPixel + 2).fill(0xee);
        const sorted = around.subarray(1, -1);
        fill(pixels, 'uint8', seed);
        const shuffle = bytesPerPixel === 2 ? kernels.shuffle2 : kernels.shuffle4;
        shuffle(pixels.byteOffset, pitch, sorted.byteOffset, count, columns, rows);
        const expected = Array.from({ length: count * bytesPerPixel }, (_, at) => {
          const [pixel, weight] = [at % count, Math.floor(at / count)];
          return pixels[Math.floor(pixel / columns) * pitch + (pixel % columns) * bytesPerPixel + weight];
        });
        expect([...around]).toEqual([0xee, ...expected, 0xee]);
      },
    ),
  );
});

test.each(PIXEL_TYPES)('planes of %s are halved by means, odd edges counted twice', (dtype) => {
  const { kernels, area } = bench();
  const edge = fc.integer({ min: 1, max: 75 });
  fc.assert(
    fc.property(edge, edge, fc.integer({ min: 1, max: 3 }), fc.integer(), (heightPx, widthPx, count, seed) => {
      area.clear();
      const from = frameGeometry(dtype, [count, heightPx, widthPx], ['z', 'y', 'x']);
      const to = halvedGeometry(dtype, from);
      const planes = area.take(from.frameBytes);
      const halved = area.take(to.frameBytes);
      fill(planes, dtype, seed);
      halvePlanes(kernels, planes, from, halved, to, dtype);
      const pixels = pixelView(dtype, planes);
      const pixelAt = (z: number, y: number, x: number) =>
        pixels[(z * heightPx + Math.min(y, heightPx - 1)) * widthPx + Math.min(x, widthPx - 1)] as number;
      const expected = Array.from({ length: count * to.heightPx * to.widthPx }, (_, at) => {
        const [x, row] = [at % to.widthPx, Math.floor(at / to.widthPx)];
        const [y, z] = [row % to.heightPx, Math.floor(row / to.heightPx)];
        const sum =
          pixelAt(z, 2 * y, 2 * x) +
          pixelAt(z, 2 * y, 2 * x + 1) +
          pixelAt(z, 2 * y + 1, 2 * x) +
          pixelAt(z, 2 * y + 1, 2 * x + 1);
        return dtype === 'float32' ? Math.fround(sum / 4) : Math.floor((sum + 2) / 4);
      });
      expect([...pixelView(dtype, halved)]).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('frames are cut into chunks, and what a chunk has beyond the frame is zero', () => {
  const { kernels, area } = bench();
  for (const [heightPx, widthPx] of [
    [300, 280],
    [256, 512],
    [257, 1],
    [40, 70],
  ] as const) {
    area.clear();
    const geometry = frameGeometry('uint16', [2, heightPx, widthPx], ['c', 'y', 'x']);
    const planes = area.take(geometry.frameBytes);
    fill(planes, 'uint16', heightPx);
    const pixels = pixelView('uint16', planes);
    const { chunkHeightPx, chunkWidthPx, chunkRows, chunkColumns, chunkBytes } = geometry;
    const room = area.take(chunkBytes);
    for (let chunk = 0; chunk < 2 * chunkRows * chunkColumns; chunk++) {
      room.fill(0xee);
      tileChunk(kernels, planes, geometry, chunk, room);
      const [column, row, plane] = [
        chunk % chunkColumns,
        Math.floor(chunk / chunkColumns) % chunkRows,
        Math.floor(chunk / (chunkRows * chunkColumns)),
      ];
      const expected = Array.from({ length: chunkHeightPx * chunkWidthPx }, (_, at) => {
        const y = row * chunkHeightPx + Math.floor(at / chunkWidthPx);
        const x = column * chunkWidthPx + (at % chunkWidthPx);
        return y < heightPx && x < widthPx ? (pixels[(plane * heightPx + y) * widthPx + x] as number) : 0;
      });
      expect(pixelView('uint16', room)).toEqual(Uint16Array.from(expected));
    }
  }
});

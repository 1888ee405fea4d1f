import type { PixelArray, PixelType } from '../../../sdk/storage/index.ts';

/** Pixels of `bytes` as numbers. */
export function pixelView(dtype: PixelType, { buffer, byteOffset, byteLength }: Uint8Array): PixelArray {
  switch (dtype) {
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'int16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
  }
}

import { RedsunError } from '../../sdk/util/index.ts';
import { halfToNumber, numberToHalf } from './half-float.ts';

/** The dtypes that can be read, with the bytes of an element. */
export const STORE_DTYPES = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
} as const;
export type StoreDtype = keyof typeof STORE_DTYPES;

/** Elements as they are stored; those of float16 as their bits, since not every engine that runs this has an array of them. */
export type RawPixels =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Elements as numbers: 64-bit integers have become doubles, float16 float32. */
export type Pixels = Exclude<RawPixels, BigInt64Array | BigUint64Array>;

export function isStoreDtype(name: unknown): name is StoreDtype {
  return typeof name === 'string' && Object.hasOwn(STORE_DTYPES, name);
}

/** NumPy's spelling in Zarr 2, `<u2`, as a dtype and its byte order. */
export function dtypeOfVersion2(name: unknown): { readonly dtype: StoreDtype; readonly bigEndian: boolean } {
  const match = typeof name === 'string' ? /^([<>|])([biuf])(\d)$/.exec(name) : null;
  const kind = { b: 'bool', i: 'int', u: 'uint', f: 'float' }[match?.[2] ?? ''];
  const dtype = kind === 'bool' ? 'bool' : `${kind}${Number(match?.[3]) * 8}`;
  if (!match || !isStoreDtype(dtype)) throw unknownDtype(name);
  return { dtype, bigEndian: match[1] === '>' };
}

export function unknownDtype(name: unknown): RedsunError {
  return new RedsunError('store/unknown-dtype', `the data type ${JSON.stringify(name)} cannot be read`);
}

/** A view of `bytes`, which must start at a multiple of the element. */
export function viewPixels(dtype: StoreDtype, bytes: ArrayBuffer, offset: number, elements: number): RawPixels {
  switch (dtype) {
    case 'bool':
    case 'uint8':
      return new Uint8Array(bytes, offset, elements);
    case 'int8':
      return new Int8Array(bytes, offset, elements);
    case 'int16':
      return new Int16Array(bytes, offset, elements);
    case 'uint16':
    case 'float16':
      return new Uint16Array(bytes, offset, elements);
    case 'int32':
      return new Int32Array(bytes, offset, elements);
    case 'uint32':
      return new Uint32Array(bytes, offset, elements);
    case 'int64':
      return new BigInt64Array(bytes, offset, elements);
    case 'uint64':
      return new BigUint64Array(bytes, offset, elements);
    case 'float32':
      return new Float32Array(bytes, offset, elements);
    case 'float64':
      return new Float64Array(bytes, offset, elements);
  }
}

export function asNumbers(dtype: StoreDtype, pixels: RawPixels): Pixels {
  if (dtype === 'float16') return Float32Array.from(pixels as Uint16Array, halfToNumber);
  if (pixels instanceof BigInt64Array || pixels instanceof BigUint64Array) return Float64Array.from(pixels, Number);
  return pixels;
}

/** An element as it is stored. */
export function elementOf(dtype: StoreDtype, value: number): number | bigint {
  if (dtype === 'int64' || dtype === 'uint64') return BigInt(value);
  return dtype === 'float16' ? numberToHalf(value) : value;
}

/** Least and greatest; NaN is passed over. Zero for no pixels at all. */
export function rangeOf(pixels: Pixels): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < pixels.length; at++) {
    const value = pixels[at] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

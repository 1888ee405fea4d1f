import { open } from 'node:fs/promises';
import { RedsunError } from '../../../sdk/util/index.ts';
import {
  asNumbers,
  type PlateDescription,
  type RawPixels,
  STORE_DTYPES,
  type StoreDtype,
} from '../../../shared/stores/index.ts';
import type { ExportImage } from './export-image.ts';
import { type OmeXmlImage, omePixelType, omeXml } from './ome-xml.ts';
import { makeWhole } from './partial-output.ts';
import { CLASSIC_LIMIT_BYTES, TiffFile, type TiffPixels, tiffByteLength } from './tiff-file.ts';

export interface ExportProgress {
  readonly done: number;
  readonly planes: number;
}

export interface OmeTiffOptions {
  readonly images: readonly OmeXmlImage[];
  readonly plate: PlateDescription | null;
  readonly out: string;
  /** Name and version of the program. */
  readonly creator: string;
  readonly onProgress?: (progress: ExportProgress) => void;
  readonly signal?: AbortSignal;
  /** Larger files are BigTIFF. Default: what a classic one can hold. */
  readonly classicLimitBytes?: number;
}

const UM_PER: Readonly<Record<string, number>> = { nanometer: 0.001, micrometer: 1, millimeter: 1000 };

/**
 * Writes all planes of all images into one OME-TIFF, one plane in memory at a time.
 * @throws RedsunError `export/unsupported-dtype`, `export/exists`; and what is wrong with a plane. Nothing is left behind then.
 */
export async function exportOmeTiff(options: OmeTiffOptions): Promise<void> {
  const { images, plate, out, creator, onProgress, signal } = options;
  for (const { image } of images) requireType(image);
  const description = omeXml(images, plate, creator);
  const sizes = images.map(({ image }) => ({ pixels: tiffPixels(image), count: image.planeCount }));
  const bytes = tiffByteLength(sizes, Buffer.byteLength(description));
  const planes = images.reduce((sum, { image }) => sum + image.planeCount, 0);
  await makeWhole(out, { bytes, kind: 'exact' }, async (partial) => {
    const file = await open(partial, 'wx');
    try {
      const tiff = new TiffFile(file, bytes > (options.classicLimitBytes ?? CLASSIC_LIMIT_BYTES), description);
      let done = 0;
      for (const { image } of images) {
        for (let plane = 0; plane < image.planeCount; plane++) {
          signal?.throwIfAborted();
          const pixels = await image.readPlane(plane, signal);
          await tiff.writePlane(tiffPixels(image), littleEndianBytes(image.dtype, pixels), ++done === planes);
          onProgress?.({ done, planes });
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

function requireType({ dtype, path }: ExportImage): void {
  if (omePixelType(dtype) !== null) return;
  throw new RedsunError(
    'export/unsupported-dtype',
    `${path || 'the image'}: OME-TIFF has no pixels of ${dtype}; ngff-0.4 keeps them`,
  );
}

function tiffPixels({ widthPx, heightPx, dtype, scales }: ExportImage): TiffPixels {
  const written: StoreDtype = dtype === 'float16' ? 'float32' : dtype;
  const perX = UM_PER[scales.x.unit ?? ''];
  const perY = UM_PER[scales.y.unit ?? ''];
  return {
    widthPx,
    heightPx,
    bitsPerSample: 8 * STORE_DTYPES[written],
    sampleFormat: written.startsWith('float') ? 'float' : written.startsWith('int') ? 'int' : 'uint',
    pixelUm: perX && perY ? { x: scales.x.scale * perX, y: scales.y.scale * perY } : null,
  };
}

/** Float16, which OME-TIFF lacks, as float32. Typed arrays are little-endian on every machine that Redsun runs on. */
function littleEndianBytes(dtype: StoreDtype, raw: RawPixels): Uint8Array {
  const pixels = dtype === 'float16' ? asNumbers(dtype, raw) : raw;
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}

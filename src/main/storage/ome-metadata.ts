import type { PixelType } from '../../sdk/storage/index.ts';
import type { ImagePlan } from './image-plan.ts';

// The metadata of OME-NGFF 0.5 and Zarr 3 that the writer puts into `zarr.json` files.

export const OME_VERSION = '0.5';

/** What the writer learns about an image while the frames come in. */
export interface ImageFacts {
  readonly name: string;
  readonly pixelSizeUm: number | null;
  readonly bitDepth: number | null;
  /** Mean time between time points, s; null while unknown. */
  readonly measuredIntervalS: number | null;
  /** Least and greatest pixel seen, by channel. */
  readonly ranges: readonly (readonly [low: number, high: number] | null)[];
}

export function arrayMetadata(image: ImagePlan, timePoints: number): Record<string, unknown> {
  const { geometry, sizes, shard, source } = image;
  const bytes = { name: 'bytes', configuration: { endian: 'little' } };
  return {
    zarr_format: 3,
    node_type: 'array',
    shape: [timePoints, sizes.c, sizes.z, geometry.heightPx, geometry.widthPx],
    data_type: source.dtype,
    chunk_grid: {
      name: 'regular',
      configuration: {
        chunk_shape: [
          shard.t,
          shard.c,
          shard.z,
          geometry.chunkRows * geometry.chunkHeightPx,
          geometry.chunkColumns * geometry.chunkWidthPx,
        ],
      },
    },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 0,
    codecs: [
      {
        name: 'sharding_indexed',
        configuration: {
          chunk_shape: [1, 1, 1, geometry.chunkHeightPx, geometry.chunkWidthPx],
          codecs: [bytes],
          index_codecs: [bytes, { name: 'crc32c' }],
          index_location: 'end',
        },
      },
    ],
    attributes: {},
    dimension_names: ['t', 'c', 'z', 'y', 'x'],
  };
}

/** The group of an image: `multiscales` and `omero`, and beside them what only Redsun knows. */
export function imageMetadata(image: ImagePlan, facts: ImageFacts): Record<string, unknown> {
  const space = (name: string, known: boolean) => ({ name, type: 'space', ...(known && { unit: 'micrometer' }) });
  const hasPixelSize = facts.pixelSizeUm !== null;
  const pixelSizeUm = facts.pixelSizeUm ?? 1;
  const interval = positive(image.layout?.intervalS) ?? positive(facts.measuredIntervalS) ?? 1;
  const { position } = image;
  return group({
    ome: {
      version: OME_VERSION,
      multiscales: [
        {
          name: facts.name,
          axes: [
            { name: 't', type: 'time', unit: 'second' },
            { name: 'c', type: 'channel' },
            space('z', true),
            space('y', hasPixelSize),
            space('x', hasPixelSize),
          ],
          datasets: [
            {
              path: '0',
              coordinateTransformations: [
                { type: 'scale', scale: [interval, 1, positive(image.layout?.zStepUm) ?? 1, pixelSizeUm, pixelSizeUm] },
              ],
            },
          ],
        },
      ],
      omero: {
        name: facts.name,
        channels: channels(image, facts),
        rdefs: { defaultT: 0, defaultZ: 0, model: 'color' },
      },
    },
    redsun: { camera: image.source.name, position: position && { ...position }, position_index: image.positionIndex },
  });
}

/** The root of a store with several images. */
export function collectionMetadata(): Record<string, unknown> {
  return group({ ome: { version: OME_VERSION, 'bioformats2raw.layout': 3 } });
}

/** The group `OME` of such a store: the images in order. */
export function seriesMetadata(series: readonly string[]): Record<string, unknown> {
  return group({ ome: { version: OME_VERSION, series } });
}

function group(attributes: Record<string, unknown>): Record<string, unknown> {
  return { zarr_format: 3, node_type: 'group', attributes };
}

function channels(image: ImagePlan, { bitDepth, ranges, name }: ImageFacts): Record<string, unknown>[] {
  const [min, max] = dtypeRange(image.source.dtype, bitDepth);
  return Array.from({ length: image.sizes.c }, (_, at) => {
    const channel = image.layout?.channels[at];
    const [start, end] = ranges[at] ?? [min, max];
    return {
      label: channel?.name ?? (image.sizes.c === 1 ? name : `${name} ${at}`),
      color: (channel?.colour ?? '#FFFFFF').replace('#', '').toUpperCase(),
      active: true,
      coefficient: 1,
      family: 'linear',
      inverted: false,
      // A flat picture still needs a window of some width.
      window: { min, max, start, end: end > start ? end : start + 1 },
    };
  });
}

function dtypeRange(dtype: PixelType, bitDepth: number | null): readonly [number, number] {
  switch (dtype) {
    case 'uint8':
    case 'uint16':
      return [0, 2 ** (bitDepth ?? (dtype === 'uint8' ? 8 : 16)) - 1];
    case 'int16':
      return [-32768, 32767];
    case 'float32':
      return [0, 1];
  }
}

/** NGFF scales must be positive. */
function positive(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) && value > 0 ? value : null;
}

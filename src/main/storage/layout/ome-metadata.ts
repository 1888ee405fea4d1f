import type { PixelType } from '../../../sdk/storage/index.ts';
import { inPicture, type StageDirection } from '../../../shared/geometry/stage-direction.ts';
import { type AcquisitionFacts, acquisitionMetadata } from './acquisition-facts.ts';
import { codecMetadata } from './compression.ts';
import { intervalOf, type PlaceUm, type StageAxes, type StageAxis } from './image-course.ts';
import type { ImagePlan, LevelPlan } from './image-plan.ts';
import { WRITTEN_ARRAY } from './written-mask.ts';

// The metadata of OME-NGFF 0.5 and Zarr 3 that the writer puts into `zarr.json` files.

export const OME_VERSION = '0.5';

/** What the writer learns about an image while the frames come in. */
export interface ImageFacts {
  readonly name: string;
  readonly pixelSizeUm: number | null;
  readonly stageDirection: StageDirection;
  /** Middle of the first pixel, from where the stage stands, um to the right and down; null: the stage stands in the middle. */
  readonly firstPixelUm: readonly [xUm: number, yUm: number] | null;
  /** The axes by which frames say where they were taken. */
  readonly axes: StageAxes;
  /** Where the first plane was taken; null: no frame has come yet. */
  readonly placeUm: PlaceUm | null;
  readonly acquisition: AcquisitionFacts | null;
  readonly bitDepth: number | null;
  /** Mean time between time points, s; null while unknown. */
  readonly measuredIntervalS: number | null;
  /** Least and greatest pixel seen, by channel. */
  readonly ranges: readonly (readonly [low: number, high: number] | null)[];
}

export function arrayMetadata(image: ImagePlan, level: LevelPlan, timePoints: number): Record<string, unknown> {
  const { sizes, source, compression } = image;
  const { geometry, shard } = level;
  const { planes } = geometry;
  const bytes = { name: 'bytes', configuration: { endian: 'little' } };
  return {
    zarr_format: 3,
    node_type: 'array',
    shape: [timePoints, sizes.c * planes.c, sizes.z * planes.z, geometry.heightPx, geometry.widthPx],
    data_type: source.dtype,
    chunk_grid: {
      name: 'regular',
      configuration: {
        chunk_shape: [
          shard.t,
          shard.c * planes.c,
          shard.z * planes.z,
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
          codecs: [bytes, ...codecMetadata(compression, geometry.bytesPerPixel)],
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
  const axis = (name: string, type: string, unit: string, known: boolean) => ({ name, type, ...(known && { unit }) });
  const hasPixelSize = facts.pixelSizeUm !== null;
  const pixelSizeUm = facts.pixelSizeUm ?? 1;
  const { position, layout, sizes, geometry } = image;
  const intervalS = intervalOf(position?.intervalS ?? layout?.intervalS ?? null, facts.measuredIntervalS);
  const zStepUm = nonZero(position && 'zStepUm' in position ? position.zStepUm : layout?.zStepUm);
  // One plane has a height and no distance; of several whose distance nobody knows, a unit would make one up.
  const hasHeights = zStepUm !== null || sizes.z * geometry.planes.z === 1;
  const place = placeOf(image, facts);
  return group({
    ome: {
      version: OME_VERSION,
      multiscales: [
        {
          name: facts.name,
          axes: [
            axis('t', 'time', 'second', intervalS !== null),
            { name: 'c', type: 'channel' },
            axis('z', 'space', 'micrometer', hasHeights),
            axis('y', 'space', 'micrometer', hasPixelSize),
            axis('x', 'space', 'micrometer', hasPixelSize),
          ],
          datasets: image.levels.map((_, level) => ({
            path: `${level}`,
            coordinateTransformations: [
              {
                type: 'scale',
                scale: [intervalS ?? 1, 1, zStepUm ?? 1, pixelSizeUm * 2 ** level, pixelSizeUm * 2 ** level],
              },
              ...translationOf(image, place, facts, level),
            ],
          })),
        },
      ],
      omero: {
        name: facts.name,
        channels: channels(image, facts),
        rdefs: { defaultT: 0, defaultZ: 0, model: 'color' },
      },
    },
    redsun: {
      camera: image.source.name,
      position: place && { name: position?.name ?? '', ...place, ...(position?.well && { well: position.well }) },
      stage_axes: { x: facts.axes.x?.name ?? null, y: facts.axes.y?.name ?? null, z: facts.axes.z?.name ?? null },
      position_index: image.positionIndex,
      // Every chunk of a frame is written, so one that is not there was not acquired; the array says it for those who read arrays only.
      missing_chunks: 'never acquired',
      written: WRITTEN_ARRAY,
      acquisition: acquisitionMetadata(
        facts.acquisition,
        (image.layout?.channels ?? []).map(({ name }) => name),
      ),
      planes_per_frame: { ...image.geometry.planes },
    },
  });
}

/** The root of a store whose images are fields of wells. */
export function plateMetadata(name: string, images: readonly ImagePlan[]): Record<string, unknown> {
  const wells = wellsOf(images);
  const rows = [...new Set(wells.map(({ row }) => row))].sort(byLengthAndName);
  const columns = [...new Set(wells.map(({ column }) => column))].sort(byLengthAndName);
  return group({
    ome: {
      version: OME_VERSION,
      plate: {
        version: OME_VERSION,
        name,
        rows: rows.map((row) => ({ name: row })),
        columns: columns.map((column) => ({ name: column })),
        wells: wells.map(({ row, column }) => ({
          path: `${row}/${column}`,
          rowIndex: rows.indexOf(row),
          columnIndex: columns.indexOf(column),
        })),
        field_count: Math.max(...wells.map(({ fields }) => fields.length)),
      },
    },
  });
}

/** The wells that images are in, and the paths of their fields within each. */
export function wellsOf(images: readonly ImagePlan[]) {
  const wells = new Map<string, { readonly row: string; readonly column: string; readonly fields: string[] }>();
  for (const { groupPath } of images) {
    const [row = '', column = '', field = ''] = groupPath.split('/');
    const well = wells.get(`${row}/${column}`) ?? { row, column, fields: [] };
    well.fields.push(field);
    wells.set(`${row}/${column}`, well);
  }
  return [...wells.values()];
}

/** The group of a well. */
export function wellMetadata(fields: readonly string[]): Record<string, unknown> {
  const images = fields.map((path) => ({ path }));
  return group({ ome: { version: OME_VERSION, well: { version: OME_VERSION, images } } });
}

/** A group that only holds others. */
export function plainGroup(): Record<string, unknown> {
  return group({});
}

/** A, B, ..., Z, AA; 1, 2, ..., 10. */
function byLengthAndName(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : 1);
}

/** The root of a store with several images. */
export function collectionMetadata(): Record<string, unknown> {
  return group({ ome: { version: OME_VERSION, 'bioformats2raw.layout': 3 } });
}

/** The group `OME` of such a store: the images in order. */
export function seriesMetadata(series: readonly string[]): Record<string, unknown> {
  return group({ ome: { version: OME_VERSION, series } });
}

/** Where the stage stood for the first plane: as it happened, and before that, or where no axis tells, as it is planned. */
function placeOf({ position }: ImagePlan, { placeUm, axes }: ImageFacts): PlaceUm | null {
  const planned = position && { ...position, zUm: position.firstPlaneUm ?? position.zUm };
  const of = (axis: StageAxis | null, key: keyof PlaceUm) =>
    axis && placeUm ? placeUm[key] : (planned?.[key] ?? null);
  const place = { xUm: of(axes.x, 'xUm'), yUm: of(axes.y, 'yUm'), zUm: of(axes.z, 'zUm') };
  return planned || Object.values(place).some((um) => um !== null) ? place : null;
}

/**
 * Where the middle of the first pixel of the first plane is, um. The axes of an image go to the right and down, so that a stage that
 * counts the other way counts with its sign turned, and x and y change places where the camera is turned. Nothing where nobody knows the position or the scale.
 */
function translationOf(
  { geometry }: ImagePlan,
  place: PlaceUm | null,
  { pixelSizeUm, stageDirection, firstPixelUm }: ImageFacts,
  level: number,
) {
  if (pixelSizeUm === null || !place || place.xUm === null || place.yUm === null) return [];
  // The middle of 2 x 2 pixels is half a pixel away from that of the first of them.
  const inLevel = ((2 ** level - 1) / 2) * pixelSizeUm;
  const middle = (lengthPx: number) => -((lengthPx - 1) / 2) * pixelSizeUm;
  const [firstX, firstY] = firstPixelUm ?? [middle(geometry.widthPx), middle(geometry.heightPx)];
  const stage = inPicture(stageDirection, { x: place.xUm, y: place.yUm });
  const y = stage.y + firstY + inLevel;
  const x = stage.x + firstX + inLevel;
  return [{ type: 'translation', translation: [0, 0, place.zUm ?? 0, y, x] }];
}

function group(attributes: Record<string, unknown>): Record<string, unknown> {
  return { zarr_format: 3, node_type: 'group', attributes };
}

function channels(image: ImagePlan, { acquisition, bitDepth, ranges, name }: ImageFacts): Record<string, unknown>[] {
  const [min, max] = dtypeRange(image.source.dtype, bitDepth);
  const { planes } = image.geometry;
  return Array.from({ length: image.sizes.c * planes.c }, (_, at) => {
    const channel = image.layout?.channels[Math.floor(at / planes.c)];
    const own = channel?.name ?? (image.sizes.c === 1 ? name : `${name} ${Math.floor(at / planes.c)}`);
    const part = planes.c === 1 ? null : partOf(at % planes.c, planes.c);
    const [start, end] = ranges[at] ?? [min, max];
    const emissionNm =
      acquisition?.channels.find((known) => known.name === channel?.name)?.emission_wavelength_nm ?? null;
    return {
      label: part ? `${own} ${part.name}` : own,
      color: (part?.colour ?? channel?.colour ?? '#FFFFFF').replace('#', '').toUpperCase(),
      active: true,
      coefficient: 1,
      family: 'linear',
      inverted: false,
      // As OMERO names it, nm.
      ...(emissionNm !== null && { emissionWave: emissionNm }),
      // A flat picture still needs a window of some width.
      window: { min, max, start, end: end > start ? end : start + 1 },
    };
  });
}

/** A colour of a frame in colour, or one of several channels that came in one frame. */
function partOf(at: number, count: number): { readonly name: string; readonly colour: string } {
  const colours = [
    { name: 'red', colour: '#ff0000' },
    { name: 'green', colour: '#00ff00' },
    { name: 'blue', colour: '#0000ff' },
  ];
  return (count === 3 || count === 4 ? colours[at] : undefined) ?? { name: `${at}`, colour: '#ffffff' };
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

/** Planes that go down have a negative distance; decision 0009 says why. */
function nonZero(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) && value !== 0 ? value : null;
}

import type { PlateDescription, StoreDtype } from '../../../shared/stores/index.ts';
import type { AxisScale, ExportImage } from './export-image.ts';
import type { ImageFacts, PlaneFacts } from './plane-facts.ts';

// OME-XML of the schema of 2016-06, which OME-TIFF carries.

const NAMESPACE = 'http://www.openmicroscopy.org/Schemas/OME/2016-06';

/** Where the stage stood. */
export interface StagePosition {
  readonly name: string;
  readonly xUm: number | null;
  readonly yUm: number | null;
  readonly zUm: number | null;
}

export interface OmeXmlImage {
  readonly image: ExportImage;
  readonly stage: StagePosition | null;
  /** Where and when its planes were taken; null: nobody knows. */
  readonly facts: ImageFacts | null;
}

/** dtypes that OME-XML has a name for, or that can be written as one that it has. */
const PIXEL_TYPES: Readonly<Partial<Record<StoreDtype, string>>> = {
  bool: 'uint8',
  int8: 'int8',
  uint8: 'uint8',
  int16: 'int16',
  uint16: 'uint16',
  int32: 'int32',
  uint32: 'uint32',
  float16: 'float',
  float32: 'float',
  float64: 'double',
};

/** Units as NGFF spells them, and as OME does. */
const UNITS: Readonly<Record<string, string>> = {
  angstrom: 'Å',
  nanometer: 'nm',
  micrometer: 'µm',
  millimeter: 'mm',
  centimeter: 'cm',
  meter: 'm',
  nanosecond: 'ns',
  microsecond: 'µs',
  millisecond: 'ms',
  second: 's',
  minute: 'min',
  hour: 'h',
  day: 'd',
};

/** Null: OME-XML cannot say it. */
export function omePixelType(dtype: StoreDtype): string | null {
  return PIXEL_TYPES[dtype] ?? null;
}

/** The text for a file that holds the planes of these images one after another, z fastest, then c, then t. */
export function omeXml(images: readonly OmeXmlImage[], plate: PlateDescription | null, creator: string): string {
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element('OME', {
      xmlns: NAMESPACE,
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': `${NAMESPACE} ${NAMESPACE}/ome.xsd`,
      Creator: creator,
    }),
  ];
  if (plate) parts.push(plateElement(plate, images));
  let plane = 0;
  for (const [at, one] of images.entries()) {
    const { image } = one;
    parts.push(imageElement(one, at, plane));
    plane += image.planeCount;
  }
  parts.push('</OME>');
  return parts.join('');
}

function imageElement({ image, stage, facts }: OmeXmlImage, at: number, firstPlane: number): string {
  const { sizes, scales, widthPx, heightPx } = image;
  const label = stage && [
    element(
      'StageLabel',
      {
        Name: stage.name,
        X: stage.xUm,
        XUnit: stage.xUm === null ? null : 'µm',
        Y: stage.yUm,
        YUnit: stage.yUm === null ? null : 'µm',
        Z: stage.zUm,
        ZUnit: stage.zUm === null ? null : 'µm',
      },
      true,
    ),
  ];
  const pixels = {
    ID: `Pixels:${at}`,
    DimensionOrder: 'XYZCT',
    Type: omePixelType(image.dtype),
    SizeX: widthPx,
    SizeY: heightPx,
    SizeZ: sizes.z,
    SizeC: sizes.c,
    SizeT: sizes.t,
    BigEndian: 'false',
    ...physicalSize('PhysicalSizeX', scales.x),
    ...physicalSize('PhysicalSizeY', scales.y),
    ...physicalSize('PhysicalSizeZ', scales.z),
    ...physicalSize('TimeIncrement', scales.t),
  };
  const channels = Array.from({ length: sizes.c }, (_, c) => {
    const channel = image.channels?.[c];
    const attributes = {
      ID: `Channel:${at}:${c}`,
      Name: channel?.label ?? null,
      Color: channel ? colourOf(channel.colour) : null,
      SamplesPerPixel: 1,
      ...(channel &&
        channel.emissionNm !== null && { EmissionWavelength: channel.emissionNm, EmissionWavelengthUnit: 'nm' }),
    };
    return element('Channel', attributes, true);
  });
  const data = element('TiffData', { IFD: firstPlane, PlaneCount: image.planeCount }, true);
  return [
    element('Image', { ID: `Image:${at}`, Name: image.name }),
    ...(facts ? [`<AcquisitionDate>${new Date(facts.startedAt * 1000).toISOString()}</AcquisitionDate>`] : []),
    ...(label ?? []),
    element('Pixels', pixels),
    ...channels,
    data,
    ...(facts?.planes ?? []).filter((plane) => isIn(image, plane)).map(planeElement),
    '</Pixels></Image>',
  ].join('');
}

/** Nothing where the store does not give a unit: a scale of 1 of nothing is no size. OME knows lengths, which have no sign. */
function physicalSize(name: string, { scale, unit }: AxisScale): Record<string, string | number | null> {
  const omeUnit = unit === null ? undefined : UNITS[unit];
  const size = Math.abs(scale);
  return omeUnit === undefined || !(size > 0) ? {} : { [name]: size, [`${name}Unit`]: omeUnit };
}

function isIn({ sizes }: ExportImage, { t, c, z }: PlaneFacts): boolean {
  return t < sizes.t && c < sizes.c && z < sizes.z;
}

function planeElement({ t, c, z, afterS, exposureMs, xUm, yUm, zUm }: PlaneFacts): string {
  const attributes = {
    ...{ TheZ: z, TheC: c, TheT: t },
    // Of what the clock tells, less than a microsecond is rounding.
    ...{ DeltaT: Number(afterS.toFixed(6)), DeltaTUnit: 's' },
    ...{ ExposureTime: exposureMs, ExposureTimeUnit: exposureMs === null ? null : 'ms' },
    ...{ PositionX: xUm, PositionXUnit: xUm === null ? null : 'µm' },
    ...{ PositionY: yUm, PositionYUnit: yUm === null ? null : 'µm' },
    ...{ PositionZ: zUm, PositionZUnit: zUm === null ? null : 'µm' },
  };
  return element('Plane', attributes, true);
}

function plateElement({ name, rows, columns, wells }: PlateDescription, images: readonly OmeXmlImage[]): string {
  const numberOf = new Map(images.map(({ image }, at) => [image.path, at]));
  let sample = 0;
  const elements = wells.map(({ path, fields }, at) => {
    const [row = '', column = ''] = path.split('/');
    const samples = fields.flatMap((field) => {
      const image = numberOf.get(field);
      if (image === undefined) return [];
      const index = sample++;
      return [
        element('WellSample', { ID: `WellSample:0:${at}:${index}`, Index: index }),
        element('ImageRef', { ID: `Image:${image}` }, true),
        '</WellSample>',
      ];
    });
    const attributes = { ID: `Well:0:${at}`, Row: rows.indexOf(row), Column: columns.indexOf(column) };
    return [element('Well', attributes), ...samples, '</Well>'].join('');
  });
  const attributes = { ID: 'Plate:0', Name: name, Rows: rows.length, Columns: columns.length };
  return [element('Plate', attributes), ...elements, '</Plate>'].join('');
}

/** `#rrggbb` as OME has it: RGBA in a signed integer. */
function colourOf(colour: string): number {
  return (Number.parseInt(colour.slice(1), 16) << 8) | 0xff | 0;
}

function element(name: string, attributes: Readonly<Record<string, string | number | null>>, empty = false): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return `<${name}${written.join('')}${empty ? '/>' : '>'}`;
}

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot say them, not even escaped
  const sayable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
  return sayable.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

import { describe, expect, test } from 'vitest';
import type { ImageDescription } from '../../shared/stores/index.ts';
import { channelsOf, familiesOf, Journal, shownLevel, sliderAxes, umPerPxOf, wellsOf } from './review-image.ts';

function image(changed: Partial<ImageDescription> = {}): ImageDescription {
  const axis = (name: string, size: number, type: string | null, unit: string | null, scale: number) => ({
    name,
    size,
    type,
    unit,
    scale,
  });
  return {
    path: '',
    name: 'cam',
    axes: [
      axis('t', 1, 'time', 'second', 1),
      axis('c', 2, 'channel', null, 1),
      axis('z', 5, 'space', 'micrometer', 0.5),
      axis('y', 64, 'space', 'micrometer', 0.325),
      axis('x', 64, 'space', 'micrometer', 0.325),
    ],
    dtype: 'uint16',
    levels: [{ path: '0', shape: [1, 2, 5, 64, 64], chunks: [], shards: null, codecs: [], scale: [] }],
    channels: [{ label: 'DAPI', colour: '#4f95ff', window: null, emissionNm: null }],
    labels: [],
    problems: [],
    ...changed,
  };
}

describe('what the viewer makes of an image', () => {
  test('a slider for each axis with more than one place, channels apart', () => {
    expect(sliderAxes(image()).map(({ label, size }) => `${label} ${size}`)).toEqual(['Z 5']);
  });
  test('channels that the store does not name get a name and a colour', () => {
    const [dapi, other] = channelsOf(image());
    expect(dapi).toMatchObject({ name: 'DAPI', colour: '#4f95ff' });
    expect(other?.name).toBe('Channel 2');
    expect(other?.colour).toMatch(/^#[0-9a-f]{6}$/);
  });
  test('pixel size in um, or unknown', () => {
    expect(umPerPxOf(image())).toBe(0.325);
    const axes = image().axes.map((axis) => ({ ...axis, unit: null }));
    expect(umPerPxOf(image({ axes }))).toBeNull();
  });
  test('takes a coarser level when the finest is too large to show', () => {
    const level = (size: number) => ({
      path: `${size}`,
      shape: [size, size],
      chunks: [],
      shards: null,
      codecs: [],
      scale: [],
    });
    expect(shownLevel(image({ levels: [level(20_000), level(5000), level(2500)] }))).toBe(2);
    expect(shownLevel(image())).toBe(0);
  });
  test('positions of a camera are one family', () => {
    const images = ['cam_p0', 'cam_p1', 'other'].map((path) => image({ path }));
    const store = {
      zarrFormat: 3,
      omeVersion: '0.5',
      layout: 'collection',
      images,
      plate: null,
      labels: [],
      labelImages: [],
      problems: [],
    } as const;
    expect(familiesOf(store)).toEqual([
      { name: 'cam', images: [0, 1] },
      { name: 'other', images: [2] },
    ]);
  });
});

describe('Journal', () => {
  const journal = new Journal([
    {
      array: '0',
      frame: 7,
      index: { t: 1, c: 0, z: 2 },
      time: 12.5,
      asked: { z: 1 },
      read: { z: 1.01 },
      changed: {},
      crc32c: 'abcd',
    },
    { torn: true },
  ]);
  test('finds the line of a plane', () => {
    expect(journal.find('0', { t: 1, z: 2 })).toMatchObject({ frame: 7, read: { z: 1.01 } });
  });
  test('says null for what was never acquired', () => {
    expect(journal.find('0', { t: 1, z: 3 })).toBeNull();
    expect(journal.find('1', { t: 1, z: 2 })).toBeNull();
    expect(journal.size).toBe(1);
  });
});

test('a plate is its wells with the fields that can be shown', () => {
  const images = ['A/1/0', 'A/1/1', 'B/2/0'].map((path) => image({ path }));
  const wells = [
    { path: 'A/1', fields: ['A/1/0', 'A/1/1'] },
    { path: 'A/2', fields: ['A/2/0'] },
    { path: 'B/2', fields: ['B/2/0'] },
  ];
  const store = {
    zarrFormat: 3,
    omeVersion: '0.5',
    layout: 'plate',
    labels: [],
    labelImages: [],
    problems: [],
    images,
  } as const;
  const plate = { name: null, rows: ['A', 'B'], columns: ['1', '2'], wells };
  expect(wellsOf({ ...store, plate })).toEqual([
    { name: 'A1', images: [0, 1] },
    { name: 'B2', images: [2] },
  ]);
  expect(wellsOf({ ...store, plate: null })).toEqual([]);
});

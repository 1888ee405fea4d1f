import { expect, test } from 'vitest';
import { describeLabel } from './describe-label.ts';
import type { ImageDescription } from './store-description.ts';

const image = { path: 'labels/cells' } as ImageDescription;
const about = {
  colors: [
    { 'label-value': 1, rgba: [255, 0, 10, 128] },
    { 'label-value': 2, rgba: [255, 0] },
    { 'label-value': 3, rgba: [0, 0, 0, 300] },
    { 'label-value': 'x', rgba: [0, 0, 0, 0] },
    { 'label-value': 4 },
    'nonsense',
  ],
  properties: [{ 'label-value': 1, class: 'nucleus', 'area (um2)': 12, deep: { a: 1 } }, { 'label-value': 5 }, null],
};

test.each([
  ['0.5', { ome: { version: '0.5', 'image-label': about } }],
  ['0.4', { 'image-label': about }],
])('colours and properties of labels are read, NGFF %s, and what is odd is left out', (_, attributes) => {
  expect(describeLabel('labels/cells', image, attributes)).toEqual({
    path: 'labels/cells',
    name: 'cells',
    image,
    colours: { 1: '#ff000a80' },
    properties: { 1: 'class: nucleus, area (um2): 12' },
  });
});

test.each([[{}], [{ 'image-label': 7 }], [{ 'image-label': { colors: {}, properties: 'x' } }]])(
  'a label image that says nothing of its labels has neither: %j',
  (attributes) => {
    expect(describeLabel('labels/a', image, attributes)).toMatchObject({ colours: {}, properties: {} });
  },
);

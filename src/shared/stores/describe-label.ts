import { isObject } from './array-metadata.ts';
import { omeAttributes } from './ngff-metadata.ts';
import type { ImageDescription, LabelDescription } from './store-description.ts';

/** More than anyone tells apart: a limit against metadata that lie. */
const MOST_LABELS = 100_000;

/** A label image and what `image-label` (NGFF 0.4 and 0.5) says of its labels; what is odd is left out. */
export function describeLabel(
  path: string,
  image: ImageDescription,
  attributes: Readonly<Record<string, unknown>>,
): LabelDescription {
  const about = omeAttributes(attributes).ome['image-label'];
  const { colors, properties } = isObject(about) ? about : {};
  const colours: Record<number, string> = {};
  for (const [label, { rgba }] of entriesOf(colors)) {
    const parts = Array.isArray(rgba) && rgba.length === 4 ? rgba : [];
    if (parts.length > 0 && parts.every(isByte)) colours[label] = `#${parts.map(hex).join('')}`;
  }
  const words: Record<number, string> = {};
  for (const [label, { 'label-value': _, ...rest }] of entriesOf(properties)) {
    const said = Object.entries(rest).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? `${key}: ${value}` : [],
    );
    if (said.length > 0) words[label] = said.join(', ');
  }
  return { path, name: path.split('/').at(-1) ?? path, image, colours, properties: words };
}

function entriesOf(list: unknown): (readonly [label: number, entry: Readonly<Record<string, unknown>>])[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, MOST_LABELS).flatMap((entry) => {
    const label = isObject(entry) ? entry['label-value'] : null;
    return isObject(entry) && typeof label === 'number' && Number.isInteger(label) ? [[label, entry] as const] : [];
  });
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

import { isObject } from './array-metadata.ts';
import type { ImageChannel } from './store-description.ts';

// OME-NGFF 0.4 (attributes of the group) and 0.5 (under `ome`), as far as reading needs them. Whatever is missing or odd becomes null.

type Json = Readonly<Record<string, unknown>>;

export interface NgffAxis {
  readonly name: string;
  readonly type: string | null;
  readonly unit: string | null;
}

export interface NgffDataset {
  readonly path: string;
  readonly scale: readonly number[] | null;
}

export interface NgffMultiscale {
  readonly name: string | null;
  readonly version: string | null;
  readonly axes: readonly NgffAxis[];
  readonly datasets: readonly NgffDataset[];
}

/** The attributes that NGFF speaks about, and the version they claim. */
export function omeAttributes(attributes: Json): { readonly ome: Json; readonly version: string | null } {
  if (isObject(attributes.ome)) return { ome: attributes.ome, version: text(attributes.ome.version) };
  return { ome: attributes, version: null };
}

export function multiscalesOf(ome: Json): NgffMultiscale[] {
  return objects(ome.multiscales).map((multiscale) => ({
    name: text(multiscale.name),
    version: text(multiscale.version),
    axes: axesOf(multiscale.axes),
    datasets: objects(multiscale.datasets).flatMap((dataset) => {
      const path = text(dataset.path);
      if (path === null) return [];
      const own = scaleOf(dataset.coordinateTransformations);
      const common = scaleOf(multiscale.coordinateTransformations);
      return [{ path, scale: own && common ? own.map((value, axis) => value * (common[axis] ?? 1)) : (own ?? common) }];
    }),
  }));
}

export function channelsOf(ome: Json): ImageChannel[] | null {
  if (!isObject(ome.omero) || !Array.isArray(ome.omero.channels)) return null;
  return objects(ome.omero.channels).map((channel, at) => {
    const { start, end } = isObject(channel.window) ? channel.window : {};
    // As OMERO's own JSON has it, whose attributes NGFF takes over: nm.
    const { emissionWave } = channel;
    const colour = text(channel.color)?.replace('#', '') ?? '';
    return {
      label: text(channel.label) ?? `channel ${at}`,
      colour: /^[0-9a-f]{6}$/i.test(colour) ? `#${colour.toLowerCase()}` : '#ffffff',
      window: isFiniteNumber(start) && isFiniteNumber(end) ? { start, end } : null,
      emissionNm: isFiniteNumber(emissionWave) && emissionWave > 0 ? emissionWave : null,
    };
  });
}

/** Names in a list of objects, `[{name: "A"}]`. */
export function namesOf(value: unknown): string[] {
  return objects(value).flatMap(({ name }) => text(name) ?? []);
}

/** Paths in a list of objects, `[{path: "A/1"}]`. */
export function pathsOf(value: unknown): string[] {
  return objects(value).flatMap(({ path }) => text(path) ?? []);
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function axesOf(value: unknown): NgffAxis[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((axis) => {
    // NGFF 0.3 has bare names.
    if (typeof axis === 'string') return [{ name: axis, type: null, unit: null }];
    const name = isObject(axis) ? text(axis.name) : null;
    return name === null ? [] : [{ name, type: text(axis.type), unit: text(axis.unit) }];
  });
}

function scaleOf(transformations: unknown): number[] | null {
  const found = objects(transformations).find(({ type }) => type === 'scale');
  return Array.isArray(found?.scale) && found.scale.every(isFiniteNumber) ? found.scale : null;
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

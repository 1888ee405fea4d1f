import { codeOf } from '../../sdk/util/index.ts';
import { acquisitionRecordOf } from './acquisition-record.ts';
import { type ArrayInfo, codecNames, isObject } from './array-metadata.ts';
import { type ByteSource, joinKey } from './byte-source.ts';
import { channelsOf, multiscalesOf, type NgffMultiscale, omeAttributes, strings } from './ngff-metadata.ts';
import {
  type ImageAxis,
  type ImageDescription,
  type ImageLevel,
  isStoreCode,
  type StoreProblem,
} from './store-description.ts';
import { readArray, readNode } from './store-node.ts';

type Json = Readonly<Record<string, unknown>>;

/** More levels, and more label images of one image, than there are in any: limits against metadata that lie. */
const MAX_LEVELS = 64;
const MAX_LABELS = 1000;

/** Notes what went wrong at `path`. An abort is no problem of the store and goes on. */
export function problemOf(path: string, thrown: unknown): StoreProblem {
  const code = codeOf(thrown);
  if (!isStoreCode(code)) throw thrown;
  return { path, code, message: (thrown as Error).message };
}

/** A plain array as an image of one level: the last two axes are y and x. */
export function describeArray(array: ArrayInfo): ImageDescription {
  const names = array.shape.map((_, axis) => array.dimensionNames?.[axis] ?? defaultName(axis, array.shape.length));
  const axes = array.shape.map(
    (size, axis): ImageAxis => ({ name: names[axis]!, type: null, unit: null, size, scale: 1 }),
  );
  return {
    path: array.path,
    name: array.path.split('/').pop() || 'array',
    axes,
    dtype: array.dtype,
    levels: [
      levelOf(
        array,
        array.shape.map(() => 1),
      ),
    ],
    channels: null,
    labels: [],
    problems: [],
  };
}

/**
 * The image whose group at `path` has these attributes: one per entry of `multiscales`, as far as it can be read.
 * @returns the images, and the problems of those that cannot be described at all.
 */
export async function describeImages(
  source: ByteSource,
  path: string,
  attributes: Json,
  signal?: AbortSignal,
): Promise<{ readonly images: ImageDescription[]; readonly problems: StoreProblem[] }> {
  const { ome, version } = omeAttributes(attributes);
  const images: ImageDescription[] = [];
  const problems: StoreProblem[] = [];
  const multiscales = multiscalesOf(ome);
  if (multiscales.length === 0) {
    problems.push({ path, code: 'store/bad-metadata', message: `${path || '/'}: multiscales is not a list of images` });
  }
  const { labels, problems: labelProblems } = await labelPaths(source, path, signal);
  problems.push(...labelProblems);
  for (const [at, multiscale] of multiscales.entries()) {
    const { levels, first, problems: own } = await readLevels(source, path, multiscale, signal);
    if (!first) {
      problems.push(...own);
      continue;
    }
    if (version === null && multiscale.version === null) {
      own.push({ path, code: 'store/no-version', message: `${path || '/'}: the version of its metadata is not given` });
    }
    images.push({
      path,
      name: multiscale.name || path.split('/').pop() || (at === 0 ? 'image' : `image ${at}`),
      axes: axesOf(multiscale, first, levels[0]!),
      dtype: first.dtype,
      levels,
      channels: channelsOf(ome),
      ...maskOf(attributes),
      ...recordOf(attributes),
      labels: at === 0 ? labels : [],
      problems: own,
    });
  }
  return { images, problems };
}

/** What Redsun's writer promises of missing chunks. */
function maskOf({ redsun }: Json): Pick<ImageDescription, 'planesPerFrame'> {
  if (!isObject(redsun) || redsun.missing_chunks !== 'never acquired') return {};
  const { c, z } = isObject(redsun.planes_per_frame) ? redsun.planes_per_frame : {};
  const planes = Number(c) * Number(z);
  return { planesPerFrame: Number.isInteger(planes) && planes > 0 ? planes : 1 };
}

function recordOf(attributes: Json): Pick<ImageDescription, 'acquisition'> {
  const acquisition = acquisitionRecordOf(attributes);
  return acquisition ? { acquisition } : {};
}

async function readLevels(
  source: ByteSource,
  path: string,
  multiscale: NgffMultiscale,
  signal: AbortSignal | undefined,
) {
  const levels: ImageLevel[] = [];
  const problems: StoreProblem[] = [];
  let first: ArrayInfo | null = null;
  if (multiscale.datasets.length === 0) {
    problems.push({ path, code: 'store/bad-metadata', message: `${path || '/'}: the image has no datasets` });
  }
  if (multiscale.datasets.length > MAX_LEVELS) {
    const message = `${path || '/'}: ${multiscale.datasets.length} levels are listed; the first ${MAX_LEVELS} are shown`;
    problems.push({ path, code: 'store/too-large', message });
  }
  for (const dataset of multiscale.datasets.slice(0, MAX_LEVELS)) {
    try {
      const array = await readArray(source, joinKey(path, dataset.path), signal);
      const rank = array.shape.length;
      if (multiscale.axes.length > 0 && multiscale.axes.length !== rank) {
        const message = `${array.path}: an array of ${rank} axes in an image of ${multiscale.axes.length}`;
        problems.push({ path: array.path, code: 'store/bad-metadata', message });
      }
      if (!first) first = array;
      else if (first.shape.length !== rank || first.dtype !== array.dtype) {
        const message = `${array.path}: ${rank} axes of ${array.dtype}, unlike the first level`;
        problems.push({ path: array.path, code: 'store/bad-metadata', message });
        continue;
      }
      levels.push(
        levelOf(
          array,
          array.shape.map((_, axis) => dataset.scale?.[axis] ?? 1),
        ),
      );
    } catch (thrown) {
      problems.push(problemOf(path, thrown));
    }
  }
  return { levels, first, problems };
}

async function labelPaths(source: ByteSource, path: string, signal: AbortSignal | undefined) {
  const labels: string[] = [];
  const problems: StoreProblem[] = [];
  try {
    const node = await readNode(source, joinKey(path, 'labels'), signal);
    const names = node ? strings(omeAttributes(node.attributes).ome.labels) : [];
    if (names.length > MAX_LABELS) {
      const message = `${path || '/'}: ${names.length} label images are listed; the first ${MAX_LABELS} are shown`;
      problems.push({ path: joinKey(path, 'labels'), code: 'store/too-large', message });
    }
    for (const name of names.slice(0, MAX_LABELS)) labels.push(joinKey(path, 'labels', name));
  } catch (thrown) {
    problems.push(problemOf(joinKey(path, 'labels'), thrown));
  }
  return { labels, problems };
}

function axesOf(multiscale: NgffMultiscale, array: ArrayInfo, level: ImageLevel): ImageAxis[] {
  const rank = array.shape.length;
  return array.shape.map((size, at): ImageAxis => {
    // Versions before 0.4 have no axes: there are five, in this order.
    const axis = multiscale.axes.length === rank ? multiscale.axes[at] : undefined;
    const name = axis?.name ?? array.dimensionNames?.[at] ?? (rank === 5 ? 'tczyx'[at] : undefined);
    return {
      name: name ?? defaultName(at, rank),
      type: axis?.type ?? null,
      unit: axis?.unit ?? null,
      size,
      scale: level.scale[at] ?? 1,
    };
  });
}

function levelOf(array: ArrayInfo, scale: readonly number[]): ImageLevel {
  const { path, shape, chunkShape, sharding } = array;
  return { path, shape, chunks: chunkShape, shards: sharding?.shardShape ?? null, codecs: codecNames(array), scale };
}

function defaultName(axis: number, rank: number): string {
  return axis === rank - 1 ? 'x' : axis === rank - 2 ? 'y' : `axis ${axis}`;
}

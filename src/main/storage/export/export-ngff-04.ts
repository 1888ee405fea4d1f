import { join } from 'node:path';
import {
  type ByteSource,
  describeImages,
  type ImageDescription,
  joinKey,
  readArray,
  readNode,
  readRawPlane,
  STORE_DTYPES,
  type StoreDescription,
} from '../../../shared/stores/index.ts';
import { lettersOf } from './export-image.ts';
import type { ExportProgress } from './export-ome-tiff.ts';
import { attributes04, makeGroups, writeAttributes } from './ngff-04-group.ts';
import { makeWhole } from './partial-output.ts';
import { Zarr2Array } from './zarr2-array.ts';

export interface Ngff04Options {
  readonly source: ByteSource;
  readonly store: StoreDescription;
  /** Those of the store that have pixels. */
  readonly images: readonly ImageDescription[];
  readonly out: string;
  readonly onProgress?: (progress: ExportProgress) => void;
  readonly signal?: AbortSignal;
}

type Json = Readonly<Record<string, unknown>>;

/** Pixels of these, for progress. */
interface ArrayJob {
  readonly from: string;
  readonly to: string;
  readonly shape: readonly number[];
}

/** Writes a store of Zarr 2 and OME-NGFF 0.4 with the same groups: images, labels, plate and wells, all levels. One plane in memory at a time. */
export async function exportNgff04(options: Ngff04Options): Promise<void> {
  const { source, store, images, out, onProgress, signal } = options;
  const levels = images.flatMap((image) => image.levels.map(({ shape }) => ({ shape, dtype: image.dtype })));
  const bytes = levels.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * STORE_DTYPES[dtype], 0);
  await makeWhole(out, { bytes, kind: 'atMost' }, async (partial) => {
    await makeGroups(partial, '');
    await writeLayout(source, store, partial);
    const jobs: ArrayJob[] = [];
    for (const image of images) jobs.push(...(await writeImage(source, image, partial)));
    for (const image of images) jobs.push(...(await writeLabels(source, image, partial)));
    const planes = jobs.reduce((sum, { shape }) => sum + planesOf(shape), 0);
    let done = 0;
    for (const job of jobs) {
      const array = await readArray(source, job.from, signal);
      const copy = new Zarr2Array(join(partial, job.to), array);
      await copy.writeMetadata();
      const leading = array.shape.slice(0, -2);
      for (let plane = 0; plane < planesOf(array.shape); plane++) {
        signal?.throwIfAborted();
        const index = unravel(plane, leading);
        await copy.writePlane(index, await readRawPlane(source, array, index, signal));
        onProgress?.({ done: ++done, planes });
      }
    }
  });
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The groups above the images: plate and wells, or the list of a collection. */
async function writeLayout(source: ByteSource, store: StoreDescription, root: string): Promise<void> {
  if (store.layout === 'plate' || store.layout === 'collection') await copyAttributes(source, '', root);
  if (store.layout === 'collection' && (await readNode(source, 'OME'))?.kind === 'group') {
    await copyAttributes(source, 'OME', root);
  }
  for (const { path } of store.plate?.wells ?? []) await copyAttributes(source, path, root);
}

async function copyAttributes(source: ByteSource, path: string, root: string): Promise<Json> {
  const attributes = attributes04((await readNode(source, path))?.attributes ?? {});
  await writeAttributes(root, path, attributes);
  return attributes;
}

async function writeImage(source: ByteSource, image: ImageDescription, root: string): Promise<ArrayJob[]> {
  const node = await readNode(source, image.path);
  if (node?.kind === 'array') {
    await writeAttributes(root, image.path, plainArrayAttributes(image));
    return [{ from: image.path, to: joinKey(image.path, '0'), shape: node.array.shape }];
  }
  await copyAttributes(source, image.path, root);
  return image.levels.map(({ path, shape }) => ({ from: path, to: path, shape }));
}

async function writeLabels(source: ByteSource, image: ImageDescription, root: string): Promise<ArrayJob[]> {
  if (image.labels.length === 0) return [];
  await copyAttributes(source, joinKey(image.path, 'labels'), root);
  const jobs: ArrayJob[] = [];
  for (const path of image.labels) {
    const attributes = (await readNode(source, path))?.attributes ?? {};
    const { images } = await describeImages(source, path, attributes);
    for (const label of images) jobs.push(...(await writeImage(source, label, root)));
  }
  return jobs;
}

/** An array that no image claims becomes one, so that programs that want images open it. */
function plainArrayAttributes(image: ImageDescription): Json {
  const types: Readonly<Record<string, object>> = { t: { type: 'time' }, c: { type: 'channel' } };
  const axes = lettersOf(image).map((name) => ({ name, ...(types[name] ?? { type: 'space' }) }));
  const scale = { type: 'scale', scale: axes.map(() => 1) };
  const datasets = [{ path: '0', coordinateTransformations: [scale] }];
  return { multiscales: [{ version: '0.4', name: image.name, axes, datasets }] };
}

function planesOf(shape: readonly number[]): number {
  return shape.slice(0, -2).reduce((product, size) => product * size, 1);
}

function unravel(plane: number, sizes: readonly number[]): number[] {
  const index = new Array<number>(sizes.length).fill(0);
  let rest = plane;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    index[axis] = rest % (sizes[axis] ?? 1);
    rest = Math.floor(rest / (sizes[axis] ?? 1));
  }
  return index;
}

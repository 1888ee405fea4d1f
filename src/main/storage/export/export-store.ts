import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { RedsunError } from '../../../sdk/util/index.ts';
import { isObject, openStore, readNode } from '../../../shared/stores/index.ts';
import { FileByteSource } from '../run/file-byte-source.ts';
import { exportImage } from './export-image.ts';
import { exportNgff04 } from './export-ngff-04.ts';
import { type ExportProgress, exportOmeTiff } from './export-ome-tiff.ts';
import type { OmeXmlImage, StagePosition } from './ome-xml.ts';
import { requireFree } from './partial-output.ts';
import { imageFacts, journalOf } from './plane-facts.ts';

export const EXPORT_FORMATS = ['ome-tiff', 'ngff-0.4'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Default: beside the store, with its name. */
  readonly out?: string;
  readonly creator: string;
  readonly onProgress?: (progress: ExportProgress) => void;
  /** What is left out, in words. */
  readonly onNote?: (note: string) => void;
  readonly signal?: AbortSignal;
  /** A larger OME-TIFF is a BigTIFF. Default: what a classic one can hold. */
  readonly classicLimitBytes?: number;
}

/**
 * Writes a copy of a store in a format that more programs read. @returns the path of the copy.
 * @throws RedsunError `store/...` when the store is not whole: a copy would hide what is missing. `export/exists`, `export/inside`,
 * `export/nothing`, `export/unsupported-axes`, `export/unsupported-dtype`. Nothing is left behind then.
 */
export async function exportStore(path: string, options: ExportOptions): Promise<string> {
  const { format, creator, onProgress, onNote, signal } = options;
  const root = resolve(path);
  await requireFolder(path, root);
  const out = resolve(options.out ?? defaultOut(root, format));
  if (`${out}${sep}`.startsWith(`${root}${sep}`)) {
    throw new RedsunError('export/inside', `${out} is in the store that is to be exported; name another with --out`);
  }
  await requireFree(out);
  const source = new FileByteSource(root);
  const store = await openStore(source, signal);
  const [problem] = store.problems.filter(({ code }) => code !== 'store/no-version');
  if (problem) throw new RedsunError(problem.code, `${path} is damaged, so it is not exported: ${problem.message}`);
  const images = store.images.filter((image) => {
    const empty = image.levels[0]?.shape.includes(0) ?? true;
    if (empty) onNote?.(`${image.path || image.name} holds no plane and is left out`);
    return !empty;
  });
  if (images.length === 0) throw new RedsunError('export/nothing', `${path}: there is no image with a plane in it`);
  const common = { out, ...(onProgress && { onProgress }), ...(signal && { signal }) };
  switch (format) {
    case 'ome-tiff': {
      if (store.labels.length > 0)
        onNote?.(`${store.labels.length} label images are left out: OME-TIFF has no place for them`);
      const all: OmeXmlImage[] = [];
      const journal = await journalOf(root);
      for (const image of images) {
        const attributes = (await readNode(source, image.path))?.attributes ?? {};
        const facts = imageFacts(journal, image.levels[0]?.path ?? '', attributes);
        all.push({ image: await exportImage(source, image, signal), stage: stageOf(attributes), facts });
      }
      const { classicLimitBytes } = options;
      await exportOmeTiff({ ...common, images: all, plate: store.plate, creator, classicLimitBytes });
      break;
    }
    case 'ngff-0.4':
      await exportNgff04({ ...common, source, store, images });
      break;
  }
  return out;
}

async function requireFolder(path: string, root: string): Promise<void> {
  const found = await stat(root).catch((cause: unknown) => {
    throw new RedsunError('store/not-found', `${path}: there is no such folder`, { cause });
  });
  if (!found.isDirectory()) throw new RedsunError('store/not-found', `${path} is a file; a Zarr store is a folder`);
}

function defaultOut(root: string, format: ExportFormat): string {
  const name = basename(root).replace(/(\.ome)?\.zarr$/i, '');
  return join(dirname(root), format === 'ome-tiff' ? `${name}.ome.tif` : `${name}-0.4.ome.zarr`);
}

/** Where the stage stood, as our own writer notes it beside what NGFF knows. */
function stageOf({ redsun }: Readonly<Record<string, unknown>>): StagePosition | null {
  const position = isObject(redsun) ? redsun.position : null;
  if (!isObject(position)) return null;
  const { name, xUm, yUm, zUm } = position;
  return {
    name: typeof name === 'string' ? name : '',
    xUm: finite(xUm),
    yUm: finite(yUm),
    zUm: finite(zUm),
  };
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

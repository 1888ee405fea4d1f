import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../../../shared/stores/index.ts';

type Json = Readonly<Record<string, unknown>>;

const VERSION = '0.4';

/** Makes the groups of a path of a Zarr 2 store, each with its `.zgroup`. */
export async function makeGroups(root: string, path: string): Promise<void> {
  const names = path.split('/').filter(Boolean);
  for (let depth = 0; depth <= names.length; depth++) {
    const folder = join(root, ...names.slice(0, depth));
    await mkdir(folder, { recursive: true });
    await writeJson(join(folder, '.zgroup'), { zarr_format: 2 });
  }
}

export async function writeAttributes(root: string, path: string, attributes: Json): Promise<void> {
  await makeGroups(root, path);
  await writeJson(join(root, path, '.zattrs'), attributes);
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** What version 0.5 keeps under `ome`, as 0.4 has it: at the top, with a version in each part. Other attributes are kept. */
export function attributes04(attributes: Json): Json {
  const { ome, ...others } = attributes;
  const parts: Json = isObject(ome) ? ome : attributes;
  const { version: _, multiscales, omero, plate, well, ...rest } = parts;
  return {
    ...(isObject(ome) ? others : {}),
    ...rest,
    ...(Array.isArray(multiscales) && { multiscales: multiscales.map(versioned) }),
    ...(isObject(omero) && { omero: versioned(omero) }),
    ...(isObject(plate) && { plate: versioned(plate) }),
    ...(isObject(well) && { well: versioned(well) }),
    ...(isObject(rest['image-label']) && { 'image-label': versioned(rest['image-label']) }),
  };
}

function versioned(part: unknown): unknown {
  return isObject(part) ? { ...part, version: VERSION } : part;
}

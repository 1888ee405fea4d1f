import { RedsunError } from '../../sdk/util/index.ts';
import { isObject } from './array-metadata.ts';
import { type ByteSource, joinKey } from './byte-source.ts';
import { describeArray, describeImages, problemOf } from './describe-image.ts';
import { describeLabel } from './describe-label.ts';
import { namesOf, omeAttributes, pathsOf, strings, text } from './ngff-metadata.ts';
import type {
  ImageDescription,
  LabelDescription,
  PlateDescription,
  StoreDescription,
  StoreLayout,
  StoreProblem,
} from './store-description.ts';
import { readNode, type StoreNode } from './store-node.ts';

/** More images than anyone looks at: a limit against metadata that lie. */
const MAX_IMAGES = 10_000;
const CONCURRENT_READS = 16;
/** How deep plain groups are searched for arrays. */
const MAX_DEPTH = 4;

type Group = Extract<StoreNode, { kind: 'group' }>;

/**
 * What is in a store: plain arrays, images, collections and plates, Zarr 2 and 3, NGFF 0.4 and 0.5. Parts that cannot be read are listed
 * under `problems`; the rest is described all the same.
 * @throws RedsunError `store/not-a-store` when there is nothing at the root; and what is wrong there, such as `store/bad-metadata`.
 */
export async function openStore(source: ByteSource, signal?: AbortSignal): Promise<StoreDescription> {
  const root = await readNode(source, '', signal);
  if (!root) throw new RedsunError('store/not-a-store', 'there is neither zarr.json nor .zgroup nor .zarray');
  if (root.kind === 'array') {
    return { ...empty(root.zarrFormat, 'array'), images: [describeArray(root.array)] };
  }
  const found = new Findings(source, signal);
  const { ome, version } = omeAttributes(root.attributes);
  const layout = layoutOf(ome);
  let plate: PlateDescription | null = null;
  switch (layout) {
    case 'image':
      await found.addGroup('', root);
      break;
    case 'collection':
      await found.addAll(await seriesOf(source, found, signal));
      break;
    case 'plate':
      plate = await plateOf(source, found, ome.plate, signal);
      await found.addAll(plate.wells.flatMap(({ fields }) => fields));
      break;
    case 'group':
      await found.search('', MAX_DEPTH);
      break;
  }
  const images = found.images;
  await found.addLabels();
  return {
    ...empty(root.zarrFormat, layout),
    omeVersion: layout === 'group' && found.omeVersion === null ? null : (version ?? found.omeVersion),
    images,
    plate,
    labels: images.flatMap(({ labels }) => labels),
    labelImages: found.labelImages,
    problems: [...found.problems, ...found.images.flatMap(({ problems }) => problems)],
  };
}

function layoutOf(ome: Readonly<Record<string, unknown>>): StoreLayout {
  if ('plate' in ome) return 'plate';
  if ('multiscales' in ome) return 'image';
  return 'bioformats2raw.layout' in ome ? 'collection' : 'group';
}

function empty(zarrFormat: 2 | 3, layout: StoreLayout): StoreDescription {
  return { zarrFormat, omeVersion: null, layout, images: [], plate: null, labels: [], labelImages: [], problems: [] };
}

/** Collects images and problems, in order. */
class Findings {
  readonly images: ImageDescription[] = [];
  readonly labelImages: LabelDescription[] = [];
  readonly problems: StoreProblem[] = [];
  omeVersion: string | null = null;
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | undefined;

  constructor(source: ByteSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  async addAll(paths: readonly string[]): Promise<void> {
    if (paths.length > MAX_IMAGES) {
      const message = `${paths.length} images are listed; the first ${MAX_IMAGES} are shown`;
      this.problems.push({ path: '', code: 'store/too-large', message });
    }
    const wanted = paths.slice(0, MAX_IMAGES);
    for (let at = 0; at < wanted.length; at += CONCURRENT_READS) {
      const group = wanted.slice(at, at + CONCURRENT_READS);
      const nodes = await Promise.all(group.map((path) => this.#read(path)));
      for (const [index, path] of group.entries()) {
        const node = nodes[index];
        if (node) await this.add(path, node);
      }
    }
  }

  async add(path: string, node: StoreNode): Promise<void> {
    if (node.kind === 'array') this.images.push(describeArray(node.array));
    else await this.addGroup(path, node);
  }

  async addGroup(path: string, group: Group): Promise<void> {
    const { images, problems } = await describeImages(this.#source, path, group.attributes, this.#signal);
    this.images.push(...images);
    this.problems.push(...problems);
    const { ome, version } = omeAttributes(group.attributes);
    const [multiscale] = Array.isArray(ome.multiscales) ? ome.multiscales : [];
    this.omeVersion ??= version ?? (isObject(multiscale) ? text(multiscale.version) : null);
  }

  /** Looks at the labels of the images found so far: what can be drawn of them, and what is wrong with them. */
  async addLabels(): Promise<void> {
    for (const path of this.images.flatMap(({ labels }) => labels)) {
      const node = await this.#read(path);
      if (node?.kind !== 'group') continue;
      const { problems, images } = await describeImages(this.#source, path, node.attributes, this.#signal);
      this.problems.push(...problems, ...images.flatMap((image) => image.problems));
      if (images[0]) this.labelImages.push(describeLabel(path, images[0], node.attributes));
    }
  }

  /** Arrays and images below a group that says nothing about its content. */
  async search(path: string, depth: number): Promise<void> {
    const names = (await this.#source.list?.(path)) ?? [];
    for (const name of [...names].sort()) {
      if (name.startsWith('.') || name.endsWith('.json')) continue;
      const child = joinKey(path, name);
      const node = await this.#read(child, true);
      if (!node) continue;
      const holdsImage = node.kind === 'array' || 'multiscales' in omeAttributes(node.attributes).ome;
      if (holdsImage) await this.add(child, node);
      else if (depth > 1) await this.search(child, depth - 1);
    }
  }

  async #read(path: string, optional = false): Promise<StoreNode | null> {
    try {
      const node = await readNode(this.#source, path, this.#signal);
      if (!node && !optional) {
        this.problems.push({ path, code: 'store/no-image', message: `${path}: is listed, and there is nothing` });
      }
      return node;
    } catch (thrown) {
      this.problems.push(problemOf(path, thrown));
      return null;
    }
  }
}

/** The images of a collection: as `OME` lists them, else 0, 1, 2... as far as there are any. */
async function seriesOf(source: ByteSource, found: Findings, signal: AbortSignal | undefined): Promise<string[]> {
  try {
    const node = await readNode(source, 'OME', signal);
    const series = node ? strings(omeAttributes(node.attributes).ome.series) : [];
    if (series.length > 0) return inside(series, '', found);
    const numbered: string[] = [];
    while (numbered.length < MAX_IMAGES && (await readNode(source, String(numbered.length), signal))) {
      numbered.push(String(numbered.length));
    }
    return numbered;
  } catch (thrown) {
    found.problems.push(problemOf('OME', thrown));
    return [];
  }
}

async function plateOf(
  source: ByteSource,
  found: Findings,
  value: unknown,
  signal: AbortSignal | undefined,
): Promise<PlateDescription> {
  const plate = isObject(value) ? value : {};
  const wells: { path: string; fields: string[] }[] = [];
  const listed = pathsOf(plate.wells);
  if (listed.length > MAX_IMAGES) {
    const message = `${listed.length} wells are listed; the first ${MAX_IMAGES} are shown`;
    found.problems.push({ path: '', code: 'store/too-large', message });
  }
  for (const path of inside(listed.slice(0, MAX_IMAGES), '', found)) {
    try {
      const node = await readNode(source, path, signal);
      const { well } = node ? omeAttributes(node.attributes).ome : {};
      if (!isObject(well)) throw new RedsunError('store/bad-metadata', `${path}: is listed as a well, and is none`);
      wells.push({ path, fields: inside(pathsOf(well.images), path, found) });
    } catch (thrown) {
      found.problems.push(problemOf(path, thrown));
    }
  }
  return { name: text(plate.name), rows: namesOf(plate.rows), columns: namesOf(plate.columns), wells };
}

/** Those of `paths` that stay inside the store. */
function inside(paths: readonly string[], base: string, found: Findings): string[] {
  return paths.flatMap((path) => {
    try {
      return [joinKey(base, path)];
    } catch (thrown) {
      found.problems.push(problemOf(base, thrown));
      return [];
    }
  });
}

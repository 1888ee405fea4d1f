import { seededRandom } from '../seeded-random.ts';
import type { Cell } from './cells.ts';
import type { Structure } from './protocol.ts';

/** Density at (u, v), um from the centre of the cell along its long and short axis. */
export type Shade = (uUm: number, vUm: number) => number;

/** A soft dot in the frame of the cell. */
export interface Spot {
  readonly uUm: number;
  readonly vUm: number;
  readonly sigmaUm: number;
  readonly peak: number;
}

/** How one cell shows a structure. */
export function shadeOf(structure: Structure, cell: Cell, fibre: Shade): Shade {
  switch (structure) {
    case 'nuclei':
      return nucleus(cell, fibre);
    case 'fibres':
      return cytoplasm(cell, fibre);
    case 'puncta':
      return membrane(cell);
    case 'transmission':
      return shadow(cell, fibre);
  }
}

/** The puncta of one cell: 15 to 45 dots of sub-micrometre size. */
export function punctaOf(cell: Cell): readonly Spot[] {
  const random = seededRandom(cell.seed ^ 0x5bd1e995);
  return Array.from({ length: 15 + Math.floor(30 * random()) }, () => {
    const angle = random() * 2 * Math.PI;
    const radius = 0.95 * Math.sqrt(random());
    return {
      uUm: radius * Math.cos(angle) * cell.longUm,
      vUm: radius * Math.sin(angle) * cell.shortUm,
      sigmaUm: 0.25 + 0.25 * random(),
      peak: 0.8 + 1.6 * random(),
    };
  });
}

function nucleus(cell: Cell, fibre: Shade): Shade {
  const { nucleusLongUm, nucleusShortUm, nucleusAtUm, textureUm, brightness } = cell;
  return (u, v) => {
    const distance2 = ((u - nucleusAtUm) / nucleusLongUm) ** 2 + (v / nucleusShortUm) ** 2;
    if (distance2 >= 1) return 0;
    const edge = Math.min(1, (1 - distance2) * 3);
    return brightness * edge * (0.75 + 0.35 * fibre(u * 1.7 + textureUm, v * 1.7));
  };
}

function cytoplasm(cell: Cell, fibre: Shade): Shade {
  const { longUm, shortUm, nucleusLongUm, nucleusShortUm, nucleusAtUm, textureUm, brightness } = cell;
  return (u, v) => {
    const distance2 = (u / longUm) ** 2 + (v / shortUm) ** 2;
    if (distance2 >= 1) return 0;
    const nucleus2 = ((u - nucleusAtUm) / nucleusLongUm) ** 2 + (v / nucleusShortUm) ** 2;
    const thinning = nucleus2 < 1 ? 0.35 + 0.65 * nucleus2 : 1;
    return brightness * thinning * Math.min(1, 2 * (1 - distance2)) * (0.12 + 1.1 * fibre(u + textureUm, v));
  };
}

function membrane(cell: Cell): Shade {
  const { longUm, shortUm, brightness } = cell;
  return (u, v) => {
    const distance2 = (u / longUm) ** 2 + (v / shortUm) ** 2;
    if (distance2 < 0.6 || distance2 > 1.4) return 0;
    return 0.4 * brightness * Math.exp(-(((distance2 - 1) / 0.13) ** 2));
  };
}

/** What a cell changes of the light that shines through: darker nucleus, bright and dark rims, one side lit. */
function shadow(cell: Cell, fibre: Shade): Shade {
  const { longUm, shortUm, nucleusLongUm, nucleusShortUm, nucleusAtUm, textureUm, cos, sin } = cell;
  return (u, v) => {
    const distance2 = (u / longUm) ** 2 + (v / shortUm) ** 2;
    if (distance2 > 1.5) return 0;
    const rim =
      0.16 * Math.exp(-(((distance2 - 1.15) / 0.12) ** 2)) - 0.2 * Math.exp(-(((distance2 - 0.92) / 0.1) ** 2));
    if (distance2 >= 1) return rim;
    const nucleus2 = ((u - nucleusAtUm) / nucleusLongUm) ** 2 + (v / nucleusShortUm) ** 2;
    const lit = ((u * (cos + sin) + v * (cos - sin)) / longUm) * 0.15 * (1 - distance2);
    const dense = nucleus2 < 1 ? -0.14 * Math.min(1, (1 - nucleus2) * 4) : 0;
    return rim + lit + dense - 0.05 * (1 - distance2) * (0.4 + fibre(u + textureUm, v));
  };
}

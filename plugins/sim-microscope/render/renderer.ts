import { hashOf } from '../seeded-random.ts';
import { BleachMap } from './bleach-map.ts';
import { Field } from './field.ts';
import { type Digitizer, digitizeRow, makeNoiseTables } from './noise.ts';
import {
  type Dose,
  type PictureRequest,
  type RampRequest,
  type RectangleUm,
  type SetupMessage,
  STRUCTURES,
  type Structure,
} from './protocol.ts';
import { Tiles } from './tiles.ts';

const RAMP_MODULUS = 65521;

interface Layer {
  readonly field: Field;
  readonly bleaching: BleachMap;
}

/** Makes pictures of a seeded specimen that bleaches. */
export class Renderer {
  readonly #layers: ReadonlyMap<Structure, Layer>;
  readonly #tables = makeNoiseTables();
  #electrons = new Float32Array(0);
  #survival = new Float32Array(0);

  constructor(setup: SetupMessage) {
    const tiles = new Tiles(setup.seed, setup.specimenSizeUm);
    this.#layers = new Map(
      STRUCTURES.map((structure) => {
        const dyeDoseMwS = structure === 'transmission' ? 0 : setup.bleachDoseMwS;
        return [structure, { field: new Field(tiles, structure), bleaching: new BleachMap(dyeDoseMwS) }];
      }),
    );
  }

  illuminate(area: RectangleUm, doses: readonly Dose[]): void {
    for (const { structure, doseMwS } of doses) this.#layers.get(structure)?.bleaching.add(area, doseMwS);
  }

  /** Exposes and reads out one picture into `out`. @returns the mean of its pixels, counts. */
  expose(request: PictureRequest, out: Uint8Array | Uint16Array): number {
    const { widthPx, heightPx, originUm, pitchUm } = request;
    if (this.#electrons.length !== widthPx) {
      this.#electrons = new Float32Array(widthPx);
      this.#survival = new Float32Array(widthPx);
    }
    const sources = request.signals.flatMap(({ structure, electrons }) => {
      const layer = this.#layers.get(structure);
      if (!layer || electrons <= 0) return [];
      const survival = layer.bleaching.survival(originUm, pitchUm, widthPx, heightPx);
      return [{ plane: layer.field.view(request), electrons, survival }];
    });
    const digitizer: Digitizer = { ...request, maxCounts: 2 ** request.bitDepth - 1 };
    let randomState = hashOf(request.noiseSeed) | 1;
    for (let y = 0; y < heightPx; y++) {
      this.#electrons.fill(request.backgroundElectrons);
      for (const { plane, electrons, survival } of sources) {
        const at = plane.first + y * plane.stride;
        if (survival === null) addRow(this.#electrons, plane.densities, at, electrons);
        else {
          survival(y, this.#survival);
          addBleachedRow(this.#electrons, plane.densities, at, electrons, this.#survival);
        }
      }
      randomState = digitizeRow(this.#electrons, widthPx, out, y * widthPx, digitizer, this.#tables, randomState);
    }
    return meanOf(out);
  }
}

/** Known pixels, to check what happens to them on their way. */
export function fillRamp(request: RampRequest, out: Uint8Array | Uint16Array): number {
  const mask = 2 ** request.bitDepth - 1;
  for (let y = 0, at = 0; y < request.heightPx; y++) {
    let value = (31 * request.frame + 7 * y) % RAMP_MODULUS;
    for (let x = 0; x < request.widthPx; x++) {
      out[at++] = value & mask;
      value += 3;
      if (value >= RAMP_MODULUS) value -= RAMP_MODULUS;
    }
  }
  return meanOf(out);
}

function addRow(row: Float32Array, densities: Float32Array, at: number, electrons: number): void {
  for (let x = 0; x < row.length; x++) row[x]! += electrons * densities[at + x]!;
}

function addBleachedRow(
  row: Float32Array,
  densities: Float32Array,
  at: number,
  electrons: number,
  survival: Float32Array,
): void {
  for (let x = 0; x < row.length; x++) row[x]! += electrons * densities[at + x]! * survival[x]!;
}

function meanOf(pixels: Uint8Array | Uint16Array): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i]!;
  return sum / pixels.length;
}

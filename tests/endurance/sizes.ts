// How large and how long: samples in CI, the whole at night (scripts/nightly.mjs).
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeBytesBelow } from '../../src/main/storage/target/preflight.ts';

const GB = 1e9;

/** GB that the large run writes. */
export const RUN_GB = positive('REDSUN_RUN_GB', 0.8);
/** Seconds that the soak lasts. */
export const SOAK_S = positive('REDSUN_SOAK_S', 40);
/**
 * MB per 1000 frames that memory may grow by in the soak. In a short one compilers and pools are still warming up, and a frame that is
 * forgotten would be 33 MB per 1000.
 */
export const SOAK_GROWTH_MB = SOAK_S >= 600 ? 1 : 8;

/** Below it everything is written. */
const BASE = process.env.REDSUN_ENDURANCE_DIR ?? tmpdir();
/** The disk must not be full afterwards. */
const SPARE_BYTES = 0.5 * GB;

function positive(name: string, sample: number): number {
  const value = Number(process.env[name] ?? sample);
  if (!(value > 0)) throw new Error(`${name}: expected a number above 0, got "${process.env[name]}"`);
  return value;
}

/** A folder with room for so many bytes; the caller removes it. @throws Error naming folder and numbers where there is none. */
export async function roomyFolder(
  neededBytes: number,
  base = BASE,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const free = await freeBytesBelow(base);
  const needed = neededBytes + SPARE_BYTES;
  if (free === null || free < needed) {
    const room = free === null ? 'nobody can tell how much is free' : `${(free / GB).toFixed(1)} GB are free`;
    throw new Error(
      `${base}: ${(needed / GB).toFixed(1)} GB are needed, ${room}; REDSUN_ENDURANCE_DIR names another folder`,
    );
  }
  const path = await mkdtemp(join(base, 'redsun-endurance-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** One line of figures: to the file that REDSUN_FIGURES names, which the nightly job prints. */
export async function tellFigures(line: string): Promise<void> {
  const path = process.env.REDSUN_FIGURES;
  if (path) await appendFile(path, `${line}\n`);
}

import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { actRecordPath } from '../../src/main/host/safety/earlier-acts.ts';
import { safetyActSchema } from '../../src/shared/guardian/safety-act.ts';
import { root } from '../cli/built-cli.ts';
import { type Bench, bench } from '../cli/run-cli.ts';
import { type LaserOnALine, laserOnALine } from './laser-on-a-line.ts';

/** A session whose only light is a laser on a serial line, with a driver that misbehaves when it is told to. */
const SESSION = (port: string) => `
schema_version: 1
frontend: electron
session: test
devices:
  z: {plugin_name: sim-microscope, plugin_id: z-stage, velocity_um_per_s: 2000, settle_ms: 0}
  laser: {plugin_name: bench-laser, plugin_id: laser, port: ${port}, wavelength_nm: 561}
  camera: {plugin_name: sim-microscope, plugin_id: camera, mode: ramp, size_px: 512, binning: 4, exposure_ms: 1, readout_ms: 0, z: z}
  gremlin: {plugin_name: mischief, plugin_id: gremlin}
channels:
  TRITC: {colour: '#ffb020', exposure_ms: 1, lights: {laser: 40}}
`;

/** Bundles of the example laser and of a driver that misbehaves. */
export const WITNESS_BUNDLES = [join(root, 'docs', 'examples'), join(root, 'tests', 'guardian', 'bundles')].join(
  delimiter,
);

export interface Witness {
  readonly terminal: Bench;
  readonly laser: LaserOnALine;
}

/** A terminal in a folder with a session, and the laser that it drives. */
export async function witness(): Promise<Witness> {
  const terminal = await bench();
  const laser = await laserOnALine(terminal.folder);
  await terminal.file('session.yaml', SESSION(laser.port));
  return { terminal, laser };
}

/** When the guardian has last written down that it made everything safe, Unix time, ms; 0: never. */
export async function lastActMs({ terminal }: Witness): Promise<number> {
  const text = await readFile(actRecordPath(terminal.out, 'test'), 'utf8').catch(() => '');
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  return last === '' ? 0 : 1000 * safetyActSchema.parse(JSON.parse(last)).time;
}

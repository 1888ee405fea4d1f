import type { MdaSequence } from '../../src/sdk/plans/index.ts';
import { QUICK_SESSION } from '../host/test-host.ts';

/** An acquisition that is killed, and how many exposures it has. */
export interface Layout {
  readonly name: string;
  readonly session: string;
  readonly sequence: MdaSequence;
  readonly exposures: number;
}

/** What a session says about how frames are stored, by name; YAML of its own lines. */
export interface Codec {
  readonly name: string;
  readonly storage: string;
}

export const CODECS: readonly Codec[] = [
  { name: 'uncompressed', storage: '' },
  { name: 'blosc-zstd', storage: 'storage: {compression: blosc-zstd}\n' },
  { name: 'gzip at 3 levels', storage: 'storage: {compression: gzip, levels: 3}\n' },
  { name: 'blosc-lz4 at 2 levels', storage: 'storage: {compression: blosc-lz4, levels: 2}\n' },
  { name: 'uncompressed at 2 levels', storage: 'storage: {levels: 2}\n' },
  { name: 'blosc-zstd at 3 levels', storage: 'storage: {compression: blosc-zstd, levels: 3}\n' },
];

const TWO_CAMERAS = QUICK_SESSION.replace(
  'channels:',
  '  side: {plugin_name: sim-microscope, plugin_id: camera, mode: ramp, size_px: 512, binning: 4, bit_depth: 8, exposure_ms: 1, readout_ms: 0}\nchannels:',
);
const WHOLE_CHIP = QUICK_SESSION.replace('binning: 4', 'binning: 1');

export const LAYOUTS: readonly Layout[] = [
  {
    name: 'planes over time',
    session: QUICK_SESSION,
    sequence: { time_plan: { interval: 0, loops: 20 }, z_plan: { range: 2, step: 1 } },
    exposures: 60,
  },
  {
    name: 'positions, channels and planes over time',
    session: QUICK_SESSION,
    sequence: {
      axis_order: 'tpcz',
      stage_positions: [
        { x: 0, y: 0 },
        { x: 30, y: 10 },
      ],
      channels: ['FITC', { config: 'Cy5', exposure: 1 }],
      z_plan: { range: 2, step: 1 },
      time_plan: { interval: 0, loops: 5 },
    },
    exposures: 60,
  },
  {
    name: 'each position for itself',
    session: QUICK_SESSION,
    sequence: {
      axis_order: 'ptz',
      stage_positions: [
        { x: 0, y: 0 },
        { x: 30, y: 10 },
        { x: 5, y: 5 },
      ],
      z_plan: { range: 1, step: 1 },
      time_plan: { interval: 0, loops: 10 },
    },
    exposures: 60,
  },
  {
    name: 'frames of several chunks',
    session: WHOLE_CHIP,
    sequence: { axis_order: 'tcz', channels: ['FITC', 'Cy5'], time_plan: { interval: 0, loops: 25 } },
    exposures: 50,
  },
  {
    name: 'two cameras',
    session: TWO_CAMERAS,
    sequence: { time_plan: { interval: 0, loops: 20 }, z_plan: { range: 2, step: 1 } },
    exposures: 60,
  },
];

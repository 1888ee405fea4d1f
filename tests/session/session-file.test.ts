import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSession } from '../../src/main/host/building/read-session.ts';
import { SessionFileError } from '../../src/main/session/load-session.ts';
import { formatProblem } from '../../src/shared/config/problem.ts';
import { temporaryFolder } from '../host/test-host.ts';

const root = join(import.meta.dirname, '..', '..');

async function problemsOf(sessionPath: string, bundleFolders = [join(root, 'plugins')]): Promise<readonly string[]> {
  const error = await readSession({
    sessionPath,
    bundleFolders,
    version: '0.0.0',
    drivers: {},
  }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SessionFileError)) throw new Error(`expected a SessionFileError, got ${String(error)}`);
  return error.problems.map(formatProblem);
}

test('a session file with twelve mistakes gives the twelve lines, each with its place, what was expected and a near miss', async () => {
  const lines = await problemsOf(join(root, 'tests', 'session', 'twelve-mistakes.yaml'));
  expect(lines).toMatchInlineSnapshot(`
    [
      "twelve-mistakes.yaml:2:17 schema_version: expected 1, got 2",
      "twelve-mistakes.yaml:3:11 frontend: expected electron, got "elektron". Did you mean "electron"?",
      "twelve-mistakes.yaml:4:1 sesion: expected one of schema_version, frontend, session, metadata, storage, devices, presenters, views, channels, review, stage_direction, deadlines, auto_shutter, got "sesion". Did you mean "session"?",
      "twelve-mistakes.yaml:5:15 auto_shutter: expected true or false, got "sometimes"",
      "twelve-mistakes.yaml:8:18 devices.camera.plugin_name: expected one of the bundles redsun, bluesky-sim, sim-microscope, got "sim-microscop". Did you mean "sim-microscope"?",
      "twelve-mistakes.yaml:12:16 devices.z.plugin_id: expected one of camera, xy-stage, z-stage, laser, lamp, shutter, filter-wheel, turret of sim-microscope, got "z-stag". Did you mean "z-stage"?",
      "twelve-mistakes.yaml:16:5 devices.xy.velocty_um_per_s: expected one of low_um, high_um, velocity_um_per_s, settle_ms, backlash_um, tolerance_um, start_um, got "velocty_um_per_s". Did you mean "velocity_um_per_s"?",
      "twelve-mistakes.yaml:20:20 devices.laser488.wavelength_nm: expected a number, got "blue"",
      "twelve-mistakes.yaml:21:3 devices.lamp.plugin_id: expected a text, got nothing",
      "twelve-mistakes.yaml:27:19 devices.laser640.max_power_mw: expected a number above 0, got -5",
      "twelve-mistakes.yaml:30:13 channels.FITC.colour: expected a colour such as "#3ddc84", got "green"",
      "twelve-mistakes.yaml:32:14 channels.FITC.lights.laser48: expected a device of this session, got "laser48". Did you mean "laser488"?",
    ]
  `);
  expect(lines).toHaveLength(12);
});

test.each([
  [
    'storage: {writer: zar}',
    'storage.writer: expected zarr, memory, or a writer of a bundle: {plugin_name: ..., plugin_id: ...}, got "zar". Did you mean "zarr"?',
  ],
  [
    'storage: {writer: 3}',
    'storage.writer: expected zarr, memory, or a writer of a bundle: {plugin_name: ..., plugin_id: ...}, got 3',
  ],
  ['storage: {memory_mb: 0}', 'storage.memory_mb: expected a number of at least 1, got 0'],
  ['storage: {writer: {plugin_name: raw-writer}}', 'storage.writer.plugin_id: expected a text, got nothing'],
  [
    'storage: {writer: {plugin_name: raw-writr, plugin_id: raw}}',
    'storage.writer.plugin_name: expected one of the bundles redsun, bench-camera, bench-laser, raw-writer, room-watch, there-and-back, got "raw-writr". Did you mean "raw-writer"?',
  ],
  [
    'storage: {writer: {plugin_name: raw-writer, plugin_id: row}}',
    'storage.writer.plugin_id: expected one of raw of raw-writer, got "row". Did you mean "raw"?',
  ],
  [
    'storage: {writer: {plugin_name: room-watch, plugin_id: raw}}',
    'storage.writer.plugin_id: expected a bundle with writers of room-watch, got "raw".',
  ],
  [
    'storage: {writer: {plugin_name: raw-writer, plugin_id: raw, sufix: bin}}',
    'storage.writer.sufix: expected one of suffix, got "sufix". Did you mean "suffix"?',
  ],
  [
    'storage: {writer: {plugin_name: raw-writer, plugin_id: raw, suffix: 7}}',
    'storage.writer.suffix: expected a text, got 7',
  ],
])('%s gives one line', async (mistake, line) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'wrong.yaml');
  await writeFile(path, `schema_version: 1\nfrontend: electron\n${mistake}\n`);
  const lines = await problemsOf(path, [join(root, 'docs', 'examples')]);
  expect(lines.map((text) => text.replace(/^\S+ /, ''))).toEqual([line]);
});

test('every session file that ships is without mistakes', async () => {
  const { session } = await readSession({
    sessionPath: join(root, 'sessions', 'simulated.yaml'),
    bundleFolders: [join(root, 'plugins')],
    version: '0.0.0',
    drivers: {},
  });
  expect([...session.deviceOptions.keys()]).toEqual([
    'xy',
    'z',
    'laser488',
    'laser640',
    'lamp',
    'wheel',
    'shutter',
    'turret',
    'camera',
  ]);
});

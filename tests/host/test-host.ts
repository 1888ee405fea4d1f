import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { OpenBytePort } from '../../src/guardian/ports/byte-port.ts';
import { openMemoryPort } from '../../src/guardian/ports/memory-port.ts';
import { GuardianClient } from '../../src/main/guardian/guardian-client.ts';
import { startInProcess } from '../../src/main/guardian/testing/in-process-guardian.ts';
import type { HostOptions } from '../../src/main/host/building/host-options.ts';
import { type Host, startHost } from '../../src/main/host/start-host.ts';
import { systemClock } from '../../src/main/host/system-clock.ts';
import { portOf } from '../../src/sdk/device/index.ts';
import { RedsunError } from '../../src/sdk/util/index.ts';

export const root = join(import.meta.dirname, '..', '..');

/** A simulated microscope that is quick: a small camera, fast stages. */
export const QUICK_SESSION = `
schema_version: 1
frontend: electron
session: test
devices:
  xy: {plugin_name: sim-microscope, plugin_id: xy-stage, velocity_um_per_s: 20000, settle_ms: 0}
  z: {plugin_name: sim-microscope, plugin_id: z-stage, velocity_um_per_s: 2000, settle_ms: 0}
  laser488: {plugin_name: sim-microscope, plugin_id: laser, wavelength_nm: 488, max_power_mw: 50}
  laser640: {plugin_name: sim-microscope, plugin_id: laser, wavelength_nm: 640, max_power_mw: 80}
  wheel: {plugin_name: sim-microscope, plugin_id: filter-wheel}
  shutter: {plugin_name: sim-microscope, plugin_id: shutter}
  camera: {plugin_name: sim-microscope, plugin_id: camera, mode: ramp, size_px: 512, binning: 4, exposure_ms: 1, readout_ms: 0, xy: xy, z: z, lights: [laser488, laser640], wheel: wheel, shutter: shutter}
channels:
  FITC: {colour: '#3ddc84', exposure_ms: 1, lights: {laser488: 30}, set: {wheel: FITC}}
  Cy5: {colour: '#f062c0', exposure_ms: 2, lights: {laser640: 40}, set: {wheel: Cy5}}
`;

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redsun-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A host on a session of this text, closed when the test ends. */
export async function testHost(session: string = QUICK_SESSION, options: Partial<HostOptions> = {}): Promise<Host> {
  const folder = await temporaryFolder();
  const sessionPath = join(folder, 'session.yaml');
  await writeFile(sessionPath, session);
  const host = await startHost({
    sessionPath,
    bundleFolders: [join(root, 'plugins')],
    appFolder: root,
    writerWorkerPath: join(root, 'src', 'main', 'storage', 'writer', 'writer-worker.ts'),
    recoveryWorkerPath: join(root, 'src', 'main', 'host', 'recovery', 'recovery-worker.ts'),
    pictureWorkerPath: join(root, 'src', 'main', 'host', 'live', 'picture-worker.ts'),
    version: '0.0.0',
    baseFolder: join(folder, 'runs'),
    drivers: {},
    ...options,
    ...guardedIn(options),
  });
  onTestFinished(() => host.close());
  return host;
}

/** A guardian in this thread. Ports that a test opens come from the test; simulated devices switch registers in memory. */
export function guardedIn({
  openLink,
  startGuardian,
}: Partial<HostOptions>): Pick<HostOptions, 'startGuardian' | 'openLink'> {
  if (startGuardian) return { startGuardian };
  const client = new GuardianClient({
    start: startInProcess({ clock: systemClock, openPort: memoryOnly }),
    clock: systemClock,
  });
  const given = openLink;
  return {
    startGuardian: () => client,
    openLink: (options, owner) => (given && options.kind !== 'memory' ? given : client.openLink)(options, owner),
  };
}

const memoryOnly: OpenBytePort = async (options) => {
  if (options.kind === 'memory') return openMemoryPort(options);
  throw new RedsunError('link/unsupported', `no port ${portOf(options)}`);
};

export function item(name: string, kwargs: Record<string, unknown>, args: unknown[] = []) {
  return { item_type: 'plan' as const, name, args, kwargs, meta: {} };
}

import type { RunEngine } from 'redsun/sdk/engine';
import { RedsunError } from 'redsun/sdk/util';

/** The devices belong to the run while one is going. @throws RedsunError `device/in-use` */
export function refuseDuringRun(engine: RunEngine, what: string): void {
  if (engine.state !== 'idle') throw new RedsunError('device/in-use', `Cannot ${what}: a run is ${engine.state}`);
}

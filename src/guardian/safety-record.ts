import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SafetyAct } from '../shared/guardian/safety-act.ts';

/**
 * Appends an act to the record of the session, synced: nobody may be left who could write it later. A disk that hangs must not keep the
 * guardian from anything, so it is not waited for while something may shine. Never rejects.
 */
export async function recordAct(act: SafetyAct, path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a');
    try {
      await file.appendFile(`${JSON.stringify(act)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch {
    // A disk that is gone must not keep the lights on.
  }
}

import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SafetyAct } from '../shared/guardian/safety-act.ts';

/** Appends an act to the record of the session, synced: nobody may be left who could write it later. Never throws. */
export function recordAct(act: SafetyAct, path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'a');
    try {
      appendFileSync(file, `${JSON.stringify(act)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // A disk that is gone must not keep the lights on.
  }
}

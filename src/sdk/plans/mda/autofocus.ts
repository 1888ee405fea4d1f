import type { Movable } from '../../device/protocols.ts';
import type { Autofocus, Axis } from '../../device/roles.ts';
import { isControlException } from '../../engine/errors.ts';
import type { Plan } from '../../engine/msg.ts';
import { RedsunError } from '../../util/errors.ts';
import { locate, mv, waitFor } from '../stubs.ts';
import { finalizeWrapper } from '../wrappers.ts';

/** How an event focuses. */
export interface FocusRequest {
  /** Distance to hold, um; null: as it is. */
  readonly offsetUm: number | null;
  /** How often it is tried again. */
  readonly maxRetries: number;
  /** Named in the message of a failure. */
  readonly place: string;
}

/**
 * Finds the surface with a focus lock and lets go of it, so that a stack can be taken from there.
 * @returns how far the focus has moved, um.
 * @throws RedsunError `plan/autofocus` when it does not lock, with the device's last word as its cause.
 */
export function* findFocus(autofocus: Autofocus, z: Axis | null, request: FocusRequest): Plan<number> {
  const before = z ? (yield* locate(z)).readback : 0;
  function* found(): Plan<number> {
    yield* lock(autofocus, request);
    return z ? (yield* locate(z)).readback - before : 0;
  }
  return yield* finalizeWrapper(found(), () => mv([[autofocus as Movable, 'off']], { group: 'mda-autofocus' }));
}

function* lock(autofocus: Autofocus, { offsetUm, maxRetries, place }: FocusRequest): Plan<void> {
  let cause: unknown = null;
  for (let attempt = 0; attempt <= maxRetries; attempt++) {
    try {
      yield* mv([[autofocus as Movable, 'on']], { group: 'mda-autofocus' });
      if (autofocus.state !== 'locked') continue;
      if (offsetUm !== null) yield* waitFor([() => autofocus.setOffset(offsetUm)]);
      return;
    } catch (error) {
      // STOP and abort end the plan; they are no answer of the device.
      if (isControlException(error)) throw error;
      cause = error;
    }
  }
  const tries = `${maxRetries + 1} tries`;
  throw new RedsunError('plan/autofocus', `${autofocus.name}: not locked at ${place} after ${tries}`, { cause });
}

/** The focus lock that a sequence names, or the first. @throws RedsunError `plan/no-autofocus` */
export function autofocusNamed(autofocuses: readonly Autofocus[], name: string | null | undefined): Autofocus {
  const found = name == null ? autofocuses[0] : autofocuses.find((device) => device.name === name);
  if (found) return found;
  const names = autofocuses.map((device) => device.name).join(', ') || 'none';
  const wanted = name == null ? 'a focus lock' : `a focus lock "${name}"`;
  throw new RedsunError('plan/no-autofocus', `mda: sequence.autofocus_plan: expected ${wanted}; there are: ${names}`);
}

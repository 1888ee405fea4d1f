import { isAxis, isCamera } from 'redsun/sdk/device';
import type { Msg } from 'redsun/sdk/engine';

/** One sentence for what a message does, or null for what is too small to be told. */
export function describeStep({ command, obj, args }: Msg, channel: string | null): string | null {
  if (command === 'trigger' && isCamera(obj)) return `Exposing ${channel ?? obj.name}, ${obj.settings.exposureMs} ms`;
  if (command === 'set' && isAxis(obj) && typeof args[0] === 'number')
    return `Moving ${obj.name} to ${args[0].toFixed(2)} µm`;
  if (command === 'sleep') return `Waiting for the next time point, ${Number(args[0]).toFixed(0)} s`;
  if (command === 'unstage') return 'Closing the store';
  return null;
}

/** What a suspender holds the plan up for after this message, where it was held up for `before`; null: nothing. */
export function heldUpFor({ command, args }: Msg, before: string | null): string | null {
  if (command === '_resume_from_suspender') return null;
  if (command !== '_start_suspender') return before;
  return typeof args[2] === 'string' && args[2] !== '' ? args[2] : 'the run waits for what it depends on';
}

import type { CommandHandler } from './command-context.ts';
import { DEVICE_COMMANDS } from './device-commands.ts';
import { FLOW_COMMANDS } from './flow-commands.ts';
import { RUN_COMMANDS } from './run-commands.ts';

/** What messages may say to an engine that nobody has taught anything. */
export const COMMANDS: Readonly<Record<string, CommandHandler>> = {
  ...RUN_COMMANDS,
  ...DEVICE_COMMANDS,
  ...FLOW_COMMANDS,
};

/** Messages that are not repeated when a run is resumed from its checkpoint. */
export const UNCACHED: ReadonlySet<string> = new Set([
  'pause',
  'subscribe',
  'unsubscribe',
  'stage',
  'unstage',
  'monitor',
  'unmonitor',
  'open_run',
  'close_run',
  'install_suspender',
  'remove_suspender',
  '_start_suspender',
]);

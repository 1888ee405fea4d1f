import { LEFT_BEHIND } from '../../shared/channels/log.ts';
import type { HostStore, LogLine } from './host-store.ts';
import { addToast, type WindowStore } from './window-store.ts';

/** Says in a notice which part stalls and was left behind: a line of the log alone is easily missed. Each line is told once. */
export function tellLeftBehind(host: HostStore, view: WindowStore): void {
  const told = new Set<string>();
  const tell = ({ time, level, source, message }: LogLine) => {
    if (level !== 'error' || !message.startsWith(LEFT_BEHIND)) return;
    // After a reconnect the log is read anew.
    const key = `${time} ${source} ${message}`;
    if (told.has(key)) return;
    told.add(key);
    const detail = message.slice(LEFT_BEHIND.length).trim();
    addToast(view, { kind: 'error', title: `${source} was left behind`, detail });
  };
  host.subscribe(({ log }, before) => {
    if (log === before.log) return;
    for (const line of log) tell(line);
  });
}

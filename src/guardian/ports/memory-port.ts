import type { MemoryLinkOptions } from 'redsun/sdk/device';
import { type BytePort, PortListeners } from './byte-port.ts';

/** Registers behind a port: `name value` is answered with `OK`, `name?` with the value, all else with `?`. */
export function openMemoryPort({ registers, lineEnd }: MemoryLinkOptions): BytePort {
  const values = new Map(Object.entries(registers));
  const listeners = new PortListeners();
  const decoder = new TextDecoder();
  let heard = '';
  let isOpen = true;
  const reply = (text: string) => {
    // Not within `write`: a wire answers later, too.
    queueMicrotask(() => {
      if (isOpen) listeners.data(new TextEncoder().encode(text + lineEnd));
    });
  };
  const obey = (line: string): string => {
    if (line.endsWith('?')) return values.get(line.slice(0, -1)) ?? '?';
    const space = line.indexOf(' ');
    const name = line.slice(0, space);
    if (space < 0 || !values.has(name)) return '?';
    values.set(name, line.slice(space + 1));
    return 'OK';
  };
  return {
    write(bytes) {
      heard += decoder.decode(bytes, { stream: true });
      for (let end = heard.indexOf(lineEnd); end >= 0; end = heard.indexOf(lineEnd)) {
        const line = heard.slice(0, end);
        heard = heard.slice(end + lineEnd.length);
        reply(obey(line));
      }
    },
    onData: listeners.onData,
    onClose: listeners.onClose,
    async close() {
      if (!isOpen) return;
      isOpen = false;
      listeners.closed(null);
    },
  };
}

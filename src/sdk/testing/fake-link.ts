import {
  describeLink,
  type Exchange,
  type Link,
  type LinkOptions,
  type OpenLink,
  type SafeState,
} from '../device/link.ts';
import { RedsunError } from '../util/errors.ts';

/** Links that a test answers, and what was said over them. */
export interface FakeLinks {
  /** For the context of a device. */
  readonly openLink: OpenLink;
  /** What was opened, oldest first. */
  readonly opened: readonly LinkOptions[];
  /** Lines that were sent, oldest first. */
  readonly heard: string[];
  /** How devices asked to be made safe, by their names. */
  readonly safeStates: ReadonlyMap<string, SafeState>;
}

/** Links for a driver under test. @param answer - what the device answers to a line; a thrown error is what the driver gets. */
export function fakeLinks(answer: (line: string) => string): FakeLinks {
  const heard: string[] = [];
  const opened: LinkOptions[] = [];
  const exchanges: Exchange[] = [];
  const safeStates = new Map<string, SafeState>();
  const ask = (line: string, by: string): string => {
    heard.push(line);
    const received = answer(line);
    exchanges.push({ time: 0, by, sent: line, received, error: null, durationMs: 0 });
    return received;
  };
  return {
    heard,
    opened,
    safeStates,
    openLink: async (options, owner) => {
      let isClosed = false;
      opened.push(options);
      const expectOpen = () => {
        if (isClosed) throw new RedsunError('link/closed', `${describeLink(options)}: closed`);
      };
      const link: Link = {
        description: describeLink(options),
        query: async (line) => {
          expectOpen();
          return ask(line, owner);
        },
        exchange: async (bytes) => {
          expectOpen();
          return bytesOf(ask(String.fromCharCode(...bytes), owner));
        },
        send: async (line) => {
          expectOpen();
          ask(line, owner);
        },
        onUnsolicited: () => ({ [Symbol.dispose]() {} }),
        protect: async (state) => {
          if (state.steps.length > 0) safeStates.set(state.device, state);
          else safeStates.delete(state.device);
        },
        recentExchanges: async () => exchanges,
        close: async () => {
          isClosed = true;
        },
      };
      return link;
    },
  };
}

/** Latin-1: one byte a character. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

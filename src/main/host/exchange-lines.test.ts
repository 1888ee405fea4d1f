import type { Exchange, Link } from 'redsun/sdk/device';
import { expect, test } from 'vitest';
import { exchangeLines } from './exchange-lines.ts';

function linkWith(recentExchanges: Link['recentExchanges']): Link {
  return { description: 'COM7 at 9600 baud', recentExchanges } as Link;
}

const asked: Exchange = {
  time: 0.5,
  by: 'laser',
  sent: 'P?\r\n',
  received: null,
  error: 'no answer',
  durationMs: 100.04,
};

test('an exchange is one line: control characters and bytes are written out, and a missing answer says why', async () => {
  const odd: Exchange = { ...asked, sent: '\u001b[2J"\\\u00ff\0', received: 'a\tb', error: null, durationMs: 1.26 };
  expect(await exchangeLines([linkWith(async () => [asked, odd])])).toEqual([
    'COM7 at 9600 baud: 2 exchanges',
    '1970-01-01T00:00:00.500Z laser: "P?\\r\\n" -> no answer: no answer (100.0 ms)',
    '1970-01-01T00:00:00.500Z laser: "\\x1b[2J\\"\\\\\\xff\\x00" -> "a\\tb" (1.3 ms)',
  ]);
});

test('a link that is lost does not keep the others out of the report', async () => {
  const lost = linkWith(() => Promise.reject(new Error('Link 3 is closed')));
  expect(await exchangeLines([lost, linkWith(async () => [])])).toEqual([
    'COM7 at 9600 baud: its exchanges cannot be read: Link 3 is closed',
    'COM7 at 9600 baud: 0 exchanges',
  ]);
});

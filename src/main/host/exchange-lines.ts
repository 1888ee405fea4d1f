import type { Exchange } from 'redsun/sdk/device';
import { asError } from 'redsun/sdk/util';
import type { ReportedLink } from './lease.ts';

/** The last exchanges of links as lines of text, for a report: what was said to a device and what it answered. Never rejects. */
export async function exchangeLines(links: readonly ReportedLink[]): Promise<string[]> {
  const perLink = await Promise.all(links.map(linesOfLink));
  return perLink.flat();
}

async function linesOfLink(link: ReportedLink): Promise<string[]> {
  try {
    const exchanges = await link.recentExchanges();
    return [`${link.description}: ${exchanges.length} exchanges`, ...exchanges.map(lineOf)];
  } catch (thrown) {
    return [`${link.description}: its exchanges cannot be read: ${asError(thrown).message}`];
  }
}

function lineOf({ time, by, sent, received, error, durationMs }: Exchange): string {
  const answer = received === null ? `no answer: ${escaped(error ?? 'nobody knows why')}` : `"${escaped(received)}"`;
  return `${new Date(time * 1000).toISOString()} ${escaped(by)}: "${escaped(sent)}" -> ${answer} (${durationMs.toFixed(1)} ms)`;
}

/** One exchange is one line, whatever bytes are in it: a terminal must not act on them. Text is Latin-1, one character a byte. */
export function escaped(text: string): string {
  return text.replace(/[\\"]|[^\x20-\x7e]/g, (character) => {
    const known = ESCAPES.get(character);
    return known ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);

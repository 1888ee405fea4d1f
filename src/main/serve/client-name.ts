import { isLoopback } from './addresses.ts';

/** In the order in which they have to be looked for: each names those after it, too. */
const BROWSERS = [
  ['A terminal', /^RedsunTerminal\//],
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//],
  ['Safari', /\bSafari\//],
] as const;

/** How people recognise who is connected: `Firefox on 10.0.0.7`. Said by the client itself, so it proves nothing. */
export function clientName(userAgent: string | undefined, address: string | undefined): string {
  const [program = 'A program'] = BROWSERS.find(([, pattern]) => pattern.test(userAgent ?? '')) ?? [];
  const plain = (address ?? '').replace(/^::ffff:/, '');
  if (plain === '') return program;
  return `${program} on ${isLoopback(plain) ? 'this computer' : plain}`;
}

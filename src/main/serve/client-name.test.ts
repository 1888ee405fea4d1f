import { expect, test } from 'vitest';
import { clientName } from './client-name.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

test.each([
  [CHROME, '127.0.0.1', 'Chrome on this computer'],
  [`${CHROME} Edg/140.0.0.0`, '::ffff:10.0.0.7', 'Edge on 10.0.0.7'],
  ['Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0', '10.0.0.7', 'Firefox on 10.0.0.7'],
  [
    'Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1',
    'fe80::1',
    'Safari on fe80::1',
  ],
  ['RedsunTerminal/0.5.0', '::1', 'A terminal on this computer'],
  [undefined, '::1', 'A program on this computer'],
  ['python-websockets', undefined, 'A program'],
])('%s from %s is called %s', (agent, address, name) => {
  expect(clientName(agent, address)).toBe(name);
});

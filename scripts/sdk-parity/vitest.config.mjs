// The suite with some implementations taken away: REDSUN_BLANKS names a file with the edits.
import { readFileSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';
import { applyEdits } from './blanks.mjs';

const edits = JSON.parse(readFileSync(process.env.REDSUN_BLANKS, 'utf8'));

export default mergeConfig(base, {
  root: new URL('../..', import.meta.url).pathname,
  plugins: [
    {
      name: 'blanks',
      enforce: 'pre',
      transform(code, id) {
        const mine = edits.filter(({ file }) => file === id.split('?')[0]);
        return mine.length > 0 ? { code: applyEdits(code, mine), map: null } : null;
      },
    },
  ],
  // Kept modules would be those of another run, with other blanks.
  test: { fsModuleCache: false, testTimeout: 5_000, hookTimeout: 5_000 },
});

import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const sdk = fileURLToPath(new URL('./src/sdk', import.meta.url));
const ui = fileURLToPath(new URL('./src/ui/index.ts', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^redsun\/sdk\/([a-z/-]+)$/, replacement: `${sdk}/$1/index.ts` },
      { find: 'redsun/ui', replacement: ui },
    ],
  },
  test: {
    include: ['{src,plugins,tests,scripts}/**/*.test.{ts,tsx}'],
    // What runs under Wine is a suite of its own, with its own configuration.
    exclude: [...configDefaults.exclude, 'tests/windows/**'],
    setupFiles: ['tests/setup/leftovers.ts'],
    pool: 'forks',
    // Most tests wait, for disks, devices and processes: one more than there are cores keeps those busy.
    maxWorkers: 3,
    testTimeout: 30_000,
    // A busy machine is slow, not wrong: facts are waited for, and no clock decides.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
  },
});

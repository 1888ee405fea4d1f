import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import everywhere from '../../vitest.config.ts';

/** The built terminal under Wine: apart from the other tests, as a program takes some seconds there to start. */
export default defineConfig({
  ...everywhere,
  root: join(import.meta.dirname, '..', '..'),
  test: {
    include: ['tests/windows/*.test.ts'],
    globalSetup: ['tests/windows/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    hookTimeout: 600_000,
  },
});

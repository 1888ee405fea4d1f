import { defineConfig } from '@playwright/test';

// The same specs twice: in a real Electron and in Chromium against `redsun serve`.
export default defineConfig({
  testDir: 'specs',
  outputDir: '../test-results/e2e',
  // Each spec has its own program, browser and profile; most of their time they wait.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: process.env.REDSUN_E2E_REPORT
    ? [['line'], ['json', { outputFile: process.env.REDSUN_E2E_REPORT }]]
    : [['list']],
  projects: [
    { name: 'electron', use: { shell: 'electron' } as Record<string, unknown> },
    { name: 'browser', use: { shell: 'browser' } as Record<string, unknown> },
  ],
});

// `npm test`: every check, every suite, one closing line. What this machine lacks is installed where that is allowed, else named as skipped.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provisionTestElectron } from './lib/electron.mjs';
import { build, install, nodeBinary, say } from './lib/prepare.mjs';
import { runTool } from './lib/run-tool.mjs';
import { missingTools, provideTools } from './lib/tools.mjs';

const inCi = Boolean(process.env.CI);
const results = [];

function tally(name, counts, detail = '') {
  results.push({ name, passed: 0, failed: 0, skipped: 0, ...counts, detail });
  const { passed, failed, skipped } = results[results.length - 1];
  say(
    `${failed > 0 ? 'FAILED' : 'ok    '} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped${detail ? `\n${detail}` : ''}`,
  );
}

async function check(name, tool, args, minutes) {
  say(`${name} ...`);
  const { code, output } = await runTool(tool, args, { minutes });
  tally(name, code === 0 ? { passed: 1 } : { failed: 1 }, code === 0 ? '' : output);
}

/** Tests of vitest, told as one line. */
async function suite(name, folder, { config = 'vitest.config.ts', minutes }) {
  say(`${name} ...`);
  const report = join(folder, `${name.replaceAll(' ', '-')}.json`);
  const { code, output } = await runTool(
    'vitest',
    ['run', '-c', config, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`],
    { minutes },
  );
  if (!existsSync(report)) return tally(name, { failed: 1 }, output);
  const {
    numPassedTests,
    numFailedTests,
    numPendingTests,
    numTodoTests = 0,
    success,
  } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = numFailedTests > 0 ? numFailedTests : success && code === 0 ? 0 : 1;
  tally(name, { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests }, failed > 0 ? output : '');
}

/** The terminal as Windows would run it. Wine is not Windows: the line says what was tried. */
async function underWine(folder, lacking) {
  const name = 'works under Wine';
  if (lacking.wine) return tally(name, { skipped: 1 }, lacking.wine);
  await suite(name, folder, { config: 'tests/windows/vitest.config.ts', minutes: 10 });
}

/** The specs in both shells, and that both shells ran the same titles. */
async function endToEnd(folder, lacking) {
  const electron = lacking.electron ? null : 'electron';
  const browser = lacking.chromium ? null : 'browser';
  const projects = [electron, browser].filter(Boolean);
  for (const [shell, why] of Object.entries({ electron: lacking.electron, browser: lacking.chromium })) {
    if (why) tally(`end to end in ${shell}`, { skipped: 1 }, why);
  }
  const titles = new Map();
  for (const project of projects) {
    say(`end to end in ${project} ...`);
    const report = join(folder, `e2e-${project}.json`);
    const args = ['test', '-c', 'e2e/playwright.config.ts', '--project', project];
    const { output } = await runTool('playwright', args, { minutes: 15, env: { REDSUN_E2E_REPORT: report } });
    if (!existsSync(report)) {
      tally(`end to end in ${project}`, { failed: 1 }, output);
      continue;
    }
    const { stats, suites } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = stats.unexpected + stats.flaky;
    tally(
      `end to end in ${project}`,
      { passed: stats.expected, failed, skipped: stats.skipped },
      failed > 0 ? output : '',
    );
    titles.set(project, [...executedTitles(suites)].sort());
  }
  if (titles.size < 2) return;
  const [first, second] = [...titles.values()].map((list) => list.join('\n'));
  const same = first === second && first !== '';
  tally(
    'both shells ran the same specs',
    same ? { passed: 1 } : { failed: 1 },
    same ? '' : `electron:\n${first}\nbrowser:\n${second}`,
  );
}

function* executedTitles(suites, above = '') {
  for (const suite of suites) {
    const path = `${above}${suite.title} > `;
    for (const spec of suite.specs ?? []) {
      if (spec.tests.some(({ results: runs }) => runs.some(({ status }) => status !== 'skipped')))
        yield path + spec.title;
    }
    yield* executedTitles(suite.suites ?? [], path);
  }
}

async function main() {
  install();
  provideTools();
  build();
  const lacking = missingTools();
  if (!lacking.electron) {
    try {
      process.env.ELECTRON_OVERRIDE_DIST_PATH = provisionTestElectron();
    } catch (error) {
      lacking.electron = error.message;
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'redsun-test-'));
  try {
    await check('lint', 'biome', ['ci', '.'], 2);
    await check('types', nodeBinary(), ['scripts/checks/types.mjs'], 4);
    await check('layers', nodeBinary(), ['scripts/checks/layers.mjs'], 2);
    await check('every export is documented', 'typedoc', ['--emit', 'none'], 3);
    await suite('unit and integration', folder, { minutes: 20 });
    await underWine(folder, lacking);
    await check('every symbol of the seed has a test that notices', nodeBinary(), ['scripts/sdk-parity/main.mjs'], 6);
    await endToEnd(folder, lacking);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const skipped = sum('skipped');
  if (inCi && skipped > 0) tally('nothing is skipped in CI', { failed: 1 });
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${skipped} skipped\n`);
  return sum('failed') === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    say(error.stack ?? String(error));
    process.stdout.write('0 passed, 1 failed\n');
    process.exit(1);
  },
);

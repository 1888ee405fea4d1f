// `npm run sdk:parity`: each symbol of the seed, what implements it here, and the test that would notice its loss.
//   --blank N|all   how many implementations to take away (default 20)     --seed N   repeats a draw     --only TEXT   symbols that contain TEXT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../lib/prepare.mjs';
import { blank, openSdk } from './blanks.mjs';
import { draw } from './draw.mjs';
import { createTypeChecker, isTypeTest, runTests } from './noticed.mjs';

const here = import.meta.dirname;
const { values: options } = parseArgs({
  options: {
    blank: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: '' },
  },
});

const seedSymbols = readFileSync(join(here, 'seed-symbols.txt'), 'utf8').trim().split('\n');
const rows = JSON.parse(readFileSync(join(here, 'parity.json'), 'utf8'));
const faults = [];
const fault = (text) => {
  faults.push(text);
  process.stdout.write(`FAULT ${text}\n`);
};

/** Rows in the order of the seed; what the seed lacks or the table lacks is a fault. */
function wholeTable() {
  for (const row of Object.keys(rows)) if (!seedSymbols.includes(row)) fault(`${row} is not in the seed`);
  return seedSymbols
    .filter((symbol) => symbol.includes(options.only))
    .flatMap((seed) => {
      const row = rows[seed];
      if (!row) fault(`${seed} has no TypeScript symbol`);
      else if (!row.test) fault(`${seed} has no test`);
      else return [{ seed, ...row, file: row.test.split(' > ')[0], titles: row.test.split(' > ').slice(1) }];
      return [];
    });
}

function printTable(table) {
  const cells = [
    ['seed symbol', 'TypeScript symbol', 'test'],
    ...table.map(({ seed, symbol, without, test }) => [seed, symbol ?? `none: ${without}`, test]),
  ];
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column].length)));
  for (const [a, b, c] of cells) process.stdout.write(`${a.padEnd(widths[0])}  ${b.padEnd(widths[1])}  ${c}\n`);
}

/** Every named test exists and passes on what is there. */
async function checkBaseline(table, typeFaults) {
  const files = [...new Set(table.map(({ file }) => file))];
  const outcomes = await runTests(root, files, [], { seconds: 600 });
  for (const { seed, test, file, titles } of table) {
    const outcome = outcomes.get(test) ?? 'not found';
    if (outcome !== 'passed') fault(`${seed}: the test "${test}" is ${outcome}`);
    else if (isTypeTest(file)) for (const text of typeFaults(file, titles, [])) fault(`${seed}: ${test}: ${text}`);
  }
}

async function checkBlank(sdk, typeFaults, { seed, symbol, test, file, titles }) {
  let noticed;
  if (isTypeTest(file)) noticed = typeFaults(file, titles, blank(sdk, symbol, true)).length > 0;
  else {
    const outcomes = await runTests(root, [file], blank(sdk, symbol, false), { titles });
    // Without an outcome the file could not even be loaded, or the test never ended.
    const outcome = outcomes.get(test) ?? outcomes.get(file) ?? 'failed';
    if (outcome !== 'failed' && outcome !== 'passed') throw new Error(`${test} was not run: ${outcome}`);
    noticed = outcome === 'failed';
  }
  process.stdout.write(`${noticed ? 'noticed' : 'UNNOTICED'}  ${symbol}  ${test}\n`);
  if (!noticed) fault(`${seed}: without ${symbol} the test "${test}" still passes`);
}

const table = wholeTable();
printTable(table);
const sdk = openSdk(root);
const typeFaults = createTypeChecker(root);
for (const { seed, symbol, file } of table) {
  try {
    if (symbol) blank(sdk, symbol, isTypeTest(file));
  } catch (error) {
    fault(`${seed}: ${error.message}`);
  }
}
if (faults.length === 0) await checkBaseline(table, typeFaults);
if (faults.length === 0) {
  const candidates = table.filter(({ symbol }) => symbol);
  const count = options.blank === 'all' ? candidates.length : Number(options.blank);
  process.stdout.write(`\n${Math.min(count, candidates.length)} implementations taken away, draw ${options.seed}\n`);
  for (const row of draw(candidates, count, Number(options.seed))) await checkBlank(sdk, typeFaults, row);
}
process.stdout.write(`${table.length} symbols, ${faults.length} faults\n`);
process.exit(faults.length === 0 ? 0 : 1);

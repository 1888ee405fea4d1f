// What the SDK exports, by module. A change of this list is a change for plugin authors: `vitest run -u` writes it down.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { root } from './repository-checks.ts';

const sdk = join(root, 'src', 'sdk');

function kindOf(symbol: ts.Symbol): string {
  const is = (flags: ts.SymbolFlags) => (symbol.flags & flags) !== 0;
  if (is(ts.SymbolFlags.Class)) return 'class';
  if (is(ts.SymbolFlags.Function)) return 'function';
  if (is(ts.SymbolFlags.Variable)) return 'const';
  return 'type';
}

test('the exports of each module are those written down', async () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.sdk.json'), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const entries = await readdir(sdk, { withFileTypes: true });
  const lines = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => (name === 'device' ? [name, 'device/kit'] : [name]))
    .sort()
    .flatMap((module) => {
      const source = program.getSourceFile(join(sdk, module, 'index.ts'));
      const symbol = source && checker.getSymbolAtLocation(source);
      if (!symbol) throw new Error(`redsun/sdk/${module} has no index.ts`);
      return checker
        .getExportsOfModule(symbol)
        .map((found) => {
          const target = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
          return `redsun/sdk/${module} ${kindOf(target)} ${found.name}`;
        })
        .sort();
    });
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('public-api.txt');
});
